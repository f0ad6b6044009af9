using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pneumothorax.Lab.Runs.Feed;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>Says when a page about the class shall read it anew: when somebody has worked, at most once a second; and every ten
/// seconds in any case, for whoever joined, read on or started a run.</summary>
public sealed class ClassTicks(CourseworkNotifier changes, TimeProvider clock)
{
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(10);

    /// <returns>The time of each tick, the first one at once. Changes from then on bring the next: none is missed.</returns>
    public async IAsyncEnumerable<DateTimeOffset> ReadAllAsync([EnumeratorCancellation] CancellationToken leave)
    {
        var signals = Channel.CreateBounded<int>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Signal(int memberId) => signals.Writer.TryWrite(memberId);
        changes.Changed += Signal;
        changes.Erased += Signal;
        try
        {
            while (true)
            {
                signals.Reader.TryRead(out _);
                yield return clock.GetLocalNow();
                await Task.Delay(s_least, clock, leave);
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(leave);
                await Task.WhenAny(signals.Reader.WaitToReadAsync(enough.Token).AsTask(), Task.Delay(s_most - s_least, clock, enough.Token));
                await enough.CancelAsync();
                leave.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            changes.Changed -= Signal;
            changes.Erased -= Signal;
        }
    }
}
