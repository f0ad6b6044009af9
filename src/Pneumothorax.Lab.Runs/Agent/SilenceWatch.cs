using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>How long a training process may give no sign of life.</summary>
/// <param name="Least">From then on its page says so, and after twice this time its attempt ends; longer for a run whose steps take longer.</param>
public sealed record SilenceLimit(TimeSpan Least)
{
    public const string Setting = "Lab__SilentSeconds";

    /// <summary>The trainer gives a sign of life every few seconds while it works.</summary>
    public static SilenceLimit Default { get; } = new(TimeSpan.FromMinutes(1));

    /// <summary>So many steps may pass without a word.</summary>
    private const int Steps = 10;

    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(30);

    /// <param name="run">With the speed at which it trains, as soon as that is known.</param>
    public TimeSpan Of(Run run)
    {
        var step = run.ImagesPerSecond is > 0 and var speed ? TimeSpan.FromSeconds(Math.Min(run.Hyperparameters.BatchSize / speed, s_most.TotalSeconds)) : TimeSpan.Zero;
        var allowed = Steps * step > s_most ? s_most : Steps * step;
        return allowed > Least ? allowed : Least;
    }
}

/// <summary>Notices a process that hangs: it gives no sign of life. The page says so first; then the attempt ends, and the run is tried again.</summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly AttemptRecorder _recorder;
    private readonly SilenceLimit _limit;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _hung = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watching;
    private TimeSpan _allowed;
    private long _heard;

    public SilenceWatch(AttemptRecorder recorder, SilenceLimit limit, TimeProvider clock)
    {
        (_recorder, _limit, _clock, _heard) = (recorder, limit, clock, clock.GetTimestamp());
        _watching = WatchAsync(_ended.Token);
    }

    /// <summary>It has been silent for twice the time that it may.</summary>
    public CancellationToken Hung => _hung.Token;

    /// <summary>For so long it was silent when it was given up.</summary>
    public TimeSpan Silence => 2 * _allowed;

    /// <summary>A line came from the process. Safe from several threads.</summary>
    public void Hear() => Volatile.Write(ref _heard, _clock.GetTimestamp());

    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _watching;
    }

    public void Dispose()
    {
        _hung.Dispose();
        _ended.Dispose();
    }

    private async Task WatchAsync(CancellationToken ended)
    {
        var isSilent = false;
        while (await IsBeforeEndAsync(ended))
        {
            // Before the silence began: a run's page shows no speed while it is silent.
            if (!isSilent) _allowed = _limit.Of(_recorder.Run);
            var silence = _clock.GetElapsedTime(Volatile.Read(ref _heard));
            if (silence >= 2 * _allowed)
            {
                await _hung.CancelAsync();
                return;
            }
            if (isSilent == silence >= _allowed) continue;
            isSilent = !isSilent;
            await (isSilent ? _recorder.TellAsync(RunMessages.Silent(_recorder.Run.Step, silence, _allowed)) : _recorder.TellAsync(null));
        }
    }

    private async Task<bool> IsBeforeEndAsync(CancellationToken ended)
    {
        try
        {
            await Task.Delay(_limit.Least / 12, TimeProvider.System, ended);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
