using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>What all runs together tell about this host. Nobody's run can be recognised in it.</summary>
public static class HostLoad
{
    /// <summary>A shorter run is mostly start-up and evaluation, and would make everything look slow.</summary>
    private const int LeastImages = 1000;

    /// <summary>Rows to look at; some of them are too short to judge by.</summary>
    private const int NewestRuns = 200;

    /// <summary>A training that has a processor for itself uses about this share of it: the rest of the time it waits for itself.</summary>
    private const double UsualShare = 0.85;

    /// <summary>Somebody else had nearly all of it: such a run tells little.</summary>
    private const double LeastShare = 0.1;

    /// <summary>With less of it free, the processors are contended for: how many others want them, a load of 100 % does not say.</summary>
    private const double Contended = 0.5;

    private static readonly TimeSpan s_recent = TimeSpan.FromMinutes(30);
    private const int MostRecent = 3;

    /// <summary>
    /// Speeds of complete runs, newest first, over their whole time, validation and the final evaluation counted as work. On a host without
    /// a GPU it is the speed that the run would have had if nothing else had used the processor. Runs that went on after an interruption
    /// are left out, since their time is not that of one attempt, and so is the reference run, which another machine trained.
    /// </summary>
    /// <param name="imagesOf">Null for a data set that is gone.</param>
    public static async Task<IReadOnlyList<HostSpeed>> SpeedsAsync(
        this IDbContextFactory<LabDbContext> contexts, Func<string, SplitSizes?> imagesOf, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await db.Runs.AsNoTracking()
            .Where(run => run.State == RunState.Completed && run.Attempt == 1 && !run.IsReference)
            .Where(run => run.StartedAt != null && run.EndedAt != null)
            .OrderByDescending(run => run.Id).Take(NewestRuns).ToListAsync(cancellationToken);
        var hosts = await db.Hosts.AsNoTracking().ToDictionaryAsync(host => host.Name, cancellationToken);
        return [.. from run in runs
                   let network = NetworkSpec.All.FirstOrDefault(network => network.Name == run.Network)?.With(run.Hyperparameters)
                   let seconds = (run.EndedAt! - run.StartedAt!).Value.TotalSeconds
                   // An early stop leaves the later steps out.
                   let images = (double)run.Step * run.Hyperparameters.BatchSize
                   where network is not null && seconds > 0 && images >= LeastImages
                   let work = RunWork.Of(network, run.Hyperparameters, run.Step, imagesOf(run.Dataset) ?? default)
                   let share = ShareOf(run, seconds, hosts.GetValueOrDefault(run.Host ?? ""))
                   select new HostSpeed(network, work / network.TrainingMultiplyAdds / (seconds * share), share, run.EndedAt)];
    }

    /// <returns>How much of the processor a run had, of what it would have used; 1 where that is not known, or a GPU did the work.</returns>
    private static double ShareOf(Run run, double seconds, LabHost? host) =>
        host is { Devices.Count: 0, Processors: > 0 and var processors } && run.ProcessorSeconds is > 0 and var used
            ? Math.Clamp(used / (seconds * processors) / UsualShare, LeastShare, 1)
            : 1;

    /// <param name="free">Share of the processors that other programs leave at the moment, 0 to 1.</param>
    /// <param name="speeds">Newest first.</param>
    /// <returns>The same, and while others contend for the processors not more than what the newest runs got of them: the median of three of the last half an hour.</returns>
    public static double ShareOf(double free, IEnumerable<HostSpeed> speeds, DateTimeOffset now)
    {
        if (free >= Contended) return free;
        double[] shares = [.. speeds.Where(speed => speed.EndedAt > now - s_recent).Take(MostRecent).Select(speed => speed.Share).Order()];
        return shares.Length == 0 ? free : Math.Min(free, shares[(shares.Length - 1) / 2]);
    }

    /// <returns>Runs in the queue, and runs under way.</returns>
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
