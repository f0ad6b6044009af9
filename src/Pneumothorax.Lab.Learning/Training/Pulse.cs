namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Whether a trainer makes headway: the batches that it has begun, and whether it is at something else. Safe from several threads.</summary>
/// <remarks>A process that was stopped, or waits for ever in a library, begins no batch.</remarks>
public sealed class Pulse
{
    /// <summary>Loading torch, a first step in which libraries choose their algorithms, a checkpoint on a slow disk: none takes longer.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(15);

    private readonly TimeProvider _clock;
    private long _batches;
    private long _changed;
    private int _asides;

    public Pulse(TimeProvider clock) => (_clock, _changed) = (clock, clock.GetTimestamp());

    /// <summary>Batches begun.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Whether it is at something that has no batches, or at the first one, and has not been for too long.</summary>
    public bool IsAside => (Batches <= 1 || Volatile.Read(ref _asides) > 0) && _clock.GetElapsedTime(Interlocked.Read(ref _changed)) < s_longest;

    internal void Beat()
    {
        Interlocked.Increment(ref _batches);
        Interlocked.Exchange(ref _changed, _clock.GetTimestamp());
    }

    /// <summary>Until it is disposed, no batches are expected.</summary>
    internal IDisposable Aside()
    {
        Interlocked.Increment(ref _asides);
        Interlocked.Exchange(ref _changed, _clock.GetTimestamp());
        return new End(this);
    }

    private sealed class End(Pulse pulse) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Decrement(ref pulse._asides);
            Interlocked.Exchange(ref pulse._changed, pulse._clock.GetTimestamp());
        }
    }
}
