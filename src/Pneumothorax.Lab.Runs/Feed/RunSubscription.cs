using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Feed;

/// <summary>One reader of the feed, from <see cref="RunFeed.Subscribe"/> on. Dispose it to leave.</summary>
public sealed class RunSubscription : IDisposable
{
    /// <summary>Four updates a second look live; more only cost renders.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    // A reader whose browser does not answer stands still for up to a quarter of a minute; the fastest run has some hundred updates a second.
    private readonly Channel<RunUpdate> _updates = Channel.CreateBounded<RunUpdate>(
        new BoundedChannelOptions(8192) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Func<Run, bool> _wanted;
    private readonly TimeProvider _clock;
    private readonly Action<RunSubscription> _leave;

    internal RunSubscription(Func<Run, bool> wanted, TimeProvider clock, Action<RunSubscription> leave) =>
        (_wanted, _clock, _leave) = (wanted, clock, leave);

    /// <summary>Updates until the subscription is disposed, each run's gathered into one, at most four times a second.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async IAsyncEnumerable<RunUpdate> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _updates.Reader.WaitToReadAsync(cancellationToken))
        {
            var gathered = new Dictionary<int, RunUpdate>();
            while (_updates.Reader.TryRead(out var update))
            {
                gathered[update.Run.Id] = gathered.TryGetValue(update.Run.Id, out var earlier) ? earlier.Then(update) : update;
            }
            foreach (var update in gathered.Values) yield return update;
            await Task.Delay(s_interval, _clock, cancellationToken);
        }
    }

    public void Dispose()
    {
        _leave(this);
        _updates.Writer.TryComplete();
    }

    internal bool Wants(Run run) => _wanted(run);

    internal void Offer(RunUpdate update)
    {
        if (_wanted(update.Run)) _updates.Writer.TryWrite(update);
    }
}
