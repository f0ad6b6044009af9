using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Json;

/// <summary>Reads what the API tells of runs: their rows, and how those in line wait.</summary>
public sealed class RunJsonReader(RunStore store, QueueBoard board)
{
    /// <returns>Runs that the viewer may see, the newest first, without their attempts.</returns>
    public async Task<List<RunJson>> ListAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        var runs = await store.ListAsync(viewer, cancellationToken);
        var line = await LineOfAsync(runs, viewer, cancellationToken);
        return [.. runs.Select(run => RunJson.Of(run) with { Wait = WaitOf(run, line, viewer) })];
    }

    /// <returns>One run with its attempts.</returns>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    public async Task<RunJson> GetAsync(int id, Viewer viewer, CancellationToken cancellationToken)
    {
        var run = await store.GetAsync(id, viewer, cancellationToken);
        var attempts = (await store.AttemptsAsync([run], cancellationToken))[id];
        var line = await LineOfAsync([run], viewer, cancellationToken);
        return RunJson.Of(run) with { Wait = WaitOf(run, line, viewer), Attempts = [.. attempts.Select(AttemptJson.Of)] };
    }

    /// <returns>A line that holds all of these that wait; null when none does.</returns>
    private async Task<QueueForecast?> LineOfAsync(IReadOnlyList<Run> runs, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!runs.Any(run => run.State == RunState.Queued)) return null;
        var line = await board.ReadAsync(cancellationToken);
        // One that was launched a moment ago is not in the line as it was read before.
        return runs.All(run => run.State != RunState.Queued || line.WaitOf(run.Id, viewer) is not null) ? line : await board.RefreshAsync(cancellationToken);
    }

    private static WaitJson? WaitOf(Run run, QueueForecast? line, Viewer viewer) => run.State == RunState.Queued && line?.WaitOf(run.Id, viewer) is { } wait
        ? new(wait.Place, line.View.Now + wait.StartsIn, wait.Why)
        : null;
}
