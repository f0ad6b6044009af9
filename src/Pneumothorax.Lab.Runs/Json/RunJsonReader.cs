using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Json;

/// <summary>Reads what the API tells of runs: their rows, and how those in the queue wait.</summary>
public sealed class RunJsonReader(RunStore store, QueueBoard board)
{
    /// <returns>Runs that the viewer may see, the newest first, without their attempts.</returns>
    public async Task<List<RunJson>> ListAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        var runs = await store.ListAsync(viewer, cancellationToken);
        var forecast = await ForecastOfAsync(runs, viewer, cancellationToken);
        return [.. runs.Select(run => RunJson.Of(run) with { Wait = WaitOf(run, forecast, viewer) })];
    }

    /// <returns>One run with its attempts.</returns>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    public async Task<RunJson> GetAsync(int id, Viewer viewer, CancellationToken cancellationToken)
    {
        var run = await store.GetAsync(id, viewer, cancellationToken);
        var attempts = (await store.AttemptsAsync([run], cancellationToken))[id];
        var forecast = await ForecastOfAsync([run], viewer, cancellationToken);
        return RunJson.Of(run) with { Wait = WaitOf(run, forecast, viewer), Attempts = [.. attempts.Select(AttemptJson.Of)] };
    }

    /// <returns>A forecast that holds all of these that wait; null when none does.</returns>
    private async Task<QueueForecast?> ForecastOfAsync(IReadOnlyList<Run> runs, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!runs.Any(run => run.State == RunState.Queued)) return null;
        var forecast = await board.ReadAsync(cancellationToken);
        // One that was launched a moment ago is not in the queue as it was read before.
        return runs.All(run => run.State != RunState.Queued || forecast.WaitOf(run.Id, viewer) is not null) ? forecast : await board.RefreshAsync(cancellationToken);
    }

    private static WaitJson? WaitOf(Run run, QueueForecast? forecast, Viewer viewer) => run.State == RunState.Queued && forecast?.WaitOf(run.Id, viewer) is { } wait
        ? new(wait.Place, forecast.View.Now + wait.StartsIn, wait.Why)
        : null;
}
