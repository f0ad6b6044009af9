using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>How a run waits.</summary>
/// <param name="Place">1 for the run that starts next.</param>
/// <param name="StartsIn">Should nobody join the queue meanwhile; null where that cannot be told.</param>
/// <param name="Why">Why it waits, and when it starts, in a sentence or two.</param>
public sealed record Wait(int Place, TimeSpan? StartsIn, string Why);

/// <summary>The queue at one moment, with a guess of when each run starts.</summary>
public sealed class QueueForecast
{
    /// <summary>Stands for a run that is only thought of.</summary>
    private const int NewRun = int.MaxValue;

    private readonly Func<string, Hyperparameters, string?, SpeedEstimate?> _estimateOf;
    private readonly IReadOnlyDictionary<int, double> _starts;

    /// <param name="estimateOf">How long a network takes with some hyperparameters on a data set; null when nothing tells.</param>
    public QueueForecast(QueueView view, Func<string, Hyperparameters, string?, SpeedEstimate?> estimateOf)
    {
        (View, _estimateOf) = (view, estimateOf);
        _starts = Starts(view.InOrder, run => SecondsOf(view.Runs[run.RunId]));
    }

    public QueueView View { get; }

    public QueueLimits Limits => View.Queue.Limits;

    /// <returns>Null for a run that does not wait.</returns>
    public Wait? WaitOf(int runId, Viewer viewer) =>
        View.PlaceOf(runId) is { } place ? Of(View.InOrder, place, _starts, viewer) : null;

    /// <param name="dataset">What it would be trained on; null where that is left open.</param>
    /// <returns>How a run would wait that the viewer put into the queue now.</returns>
    public Wait WaitIfAdded(Viewer viewer, string network, Hyperparameters hyperparameters, string? dataset = null)
    {
        var added = new Waiting(NewRun, viewer.MemberId, !viewer.IsStaff, null, DateTimeOffset.MaxValue) { AwaitsImages = dataset is not null && dataset == View.Queue.Drawing };
        var line = FairOrder.Of([.. View.InOrder, added], View.ShareOf, Limits.RunningEach).ToList();
        var starts = Starts(line, run => run.RunId == NewRun ? EstimateOf(network, hyperparameters, dataset)?.Typical.TotalSeconds : SecondsOf(View.Runs[run.RunId]));
        return Of(line, line.IndexOf(added) + 1, starts, viewer);
    }

    /// <summary>The one estimate that launch form, queue and forecasts go by, until a run tells itself how long it needs.</summary>
    /// <returns>Null when nothing tells.</returns>
    public SpeedEstimate? EstimateOf(string network, Hyperparameters hyperparameters, string? dataset) => _estimateOf(network, hyperparameters, dataset);

    /// <returns>Seconds until a run ends that has a slot or waits for one; null when nothing tells.</returns>
    public double? SecondsOf(Run run)
    {
        var left = run.Hyperparameters with { Steps = run.EvaluatesOnly ? 1 : Math.Max(1, run.Hyperparameters.Steps - run.Step) };
        var needed = run is { State: RunState.Running, SecondsLeft: { } told } ? told : EstimateOf(run.Network, left, run.Dataset)?.Typical.TotalSeconds;
        // Where nothing tells, the limit would be taken for a guess.
        if (needed is null || TimeLimit.Minutes(run, Limits) is not { } minutes) return needed;
        // Whatever it needs, at its time limit it goes.
        var allowed = TimeSpan.FromMinutes(minutes) - (run.State == RunState.Queued ? TimeSpan.Zero : TimeOf(run));
        return Math.Min(needed.Value, Math.Max(0, allowed.TotalSeconds));
    }

    /// <returns>How long its newest attempt has had its slot.</returns>
    public TimeSpan TimeOf(Run run) => run.AttemptAt is { } began && View.Now > began ? View.Now - began : TimeSpan.Zero;

    /// <returns>The limit in minutes, and the time it has had, of a run that trains and whose time is nearly up; null for any other.</returns>
    public (int Minutes, TimeSpan Had)? NearLimit(Run run) =>
        run.State is RunState.Starting or RunState.Running && run.Stage != RunStages.Evaluating && TimeLimit.Minutes(run, Limits) is { } minutes
            && TimeOf(run) is var had && had >= TimeLimit.WarnFrom * TimeSpan.FromMinutes(minutes) && had < TimeSpan.FromMinutes(minutes)
                ? (minutes, had) : null;

    private Wait Of(IReadOnlyList<Waiting> line, int place, IReadOnlyDictionary<int, double> starts, Viewer viewer)
    {
        var run = line[place - 1];
        TimeSpan? startsIn = View.Queue.PausedAt is null && starts.TryGetValue(run.RunId, out var seconds) && !double.IsPositiveInfinity(seconds) ? TimeSpan.FromSeconds(seconds) : null;
        return new(place, startsIn, WaitText.Why(View, run, place, startsIn, viewer));
    }

    private IReadOnlyDictionary<int, double> Starts(IReadOnlyList<Waiting> line, Func<Waiting, double?> secondsOf) => Forecast.Starts(
        line, [.. View.UnderWay.Select(run => new UnderWay(run.Id, run.OwnerId, SecondsOf(run)))], View.OpenSlots,
        run => View.HostOf(View.Runs[run.RunId])?.TakesRuns(View.Now) == true, secondsOf, Limits.RunningEach);
}
