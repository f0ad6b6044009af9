using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Web.Training;

/// <summary>What all runs together tell about this host. Nobody's run can be recognised in it.</summary>
public static class HostLoad
{
    /// <summary>A shorter run is mostly start-up and evaluation, and would make everything look slow.</summary>
    private const int LeastImages = 1000;

    /// <summary>Rows to look at; some of them are too short to judge by.</summary>
    private const int NewestRuns = 200;

    /// <summary>
    /// Speeds of complete runs, newest first, over their whole time: loading, validation and the final evaluation are in it. Runs that
    /// went on after an interruption are left out, since their time is not that of one attempt, and so is the reference run, which
    /// another machine trained.
    /// </summary>
    public static async Task<IReadOnlyList<HostSpeed>> SpeedsAsync(
        this IDbContextFactory<LabDbContext> contexts, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await db.Runs.AsNoTracking()
            .Where(run => run.State == RunState.Completed && run.Attempt == 1 && !run.IsReference)
            .Where(run => run.StartedAt != null && run.EndedAt != null)
            .OrderByDescending(run => run.Id).Take(NewestRuns).ToListAsync(cancellationToken);
        return [.. from run in runs
                   let network = NetworkSpec.All.FirstOrDefault(network => network.Name == run.Network)
                   let seconds = (run.EndedAt! - run.StartedAt!).Value.TotalSeconds
                   // An early stop leaves the later steps out.
                   let images = (double)run.Step * run.Hyperparameters.BatchSize
                   where network is not null && seconds > 0 && images >= LeastImages
                   select new HostSpeed(network.With(run.Hyperparameters), images / seconds)];
    }

    /// <returns>Runs in line, and runs under way.</returns>
    public static async Task<(int Waiting, int UnderWay)> LineAsync(
        this IDbContextFactory<LabDbContext> contexts, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var waiting = await db.Runs.CountAsync(run => run.State == RunState.Queued, cancellationToken);
        var underWay = await db.Runs.CountAsync(
            run => run.State == RunState.Starting || run.State == RunState.Running || run.State == RunState.Stopping, cancellationToken);
        return (waiting, underWay);
    }
}
