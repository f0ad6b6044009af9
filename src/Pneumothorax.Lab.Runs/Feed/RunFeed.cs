using System.Collections.Concurrent;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Feed;

/// <summary>
/// Fans what happens to runs out to open pages. A slow reader loses its oldest updates; nobody ever slows the agent.
/// Subscribe first, read history next (<see cref="RunFolder.ReadMetrics"/>), then skip the points it holds: no gap, no double.
/// </summary>
public sealed class RunFeed(TimeProvider clock, LabTelemetry? telemetry = null)
{
    private readonly ConcurrentDictionary<RunSubscription, bool> _subscriptions = new();

    /// <summary>Where several hosts share a database; null where one does everything.</summary>
    internal PostgresNotifier? Notifier { get; set; }

    /// <summary>One run, for a viewer who was found to see it.</summary>
    public RunSubscription Subscribe(int runId)
    {
        var subscription = Add(run => run.Id == runId);
        Notifier?.Watch(runId);
        return subscription;
    }

    /// <summary>Every run that a viewer sees, for run lists.</summary>
    public RunSubscription SubscribeAll(Viewer viewer) => Add(run => run.IsListedFor(viewer));

    /// <summary>Something has happened on this host. Where there are others, it comes to the pages of this one by the same way as to theirs.</summary>
    internal void Publish(RunUpdate update)
    {
        if (Notifier is { } notifier) notifier.Tell(update);
        else Deliver(update);
    }

    internal void Deliver(RunUpdate update)
    {
        foreach (var (subscription, _) in _subscriptions) subscription.Offer(update);
        if (update.SaidAt is { } said) telemetry?.Delivered(clock.GetElapsedTime(said));
    }

    internal void PublishState(Run run) => Publish(new(run.Copy(), [], []));

    internal bool IsRead(Run run) => _subscriptions.Keys.Any(subscription => subscription.Wants(run));

    private RunSubscription Add(Func<Run, bool> wanted)
    {
        var subscription = new RunSubscription(wanted, clock, left => _subscriptions.TryRemove(left, out _));
        _subscriptions[subscription] = true;
        return subscription;
    }
}
