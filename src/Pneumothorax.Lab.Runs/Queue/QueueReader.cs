using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>The line, what is under way, and the hosts, at one moment.</summary>
/// <param name="Now">By the database's clock.</param>
/// <param name="InOrder">The first in the queue first.</param>
/// <param name="Runs">Those in the queue and those under way, with their owners, by id.</param>
/// <param name="Hosts">By name, gone ones too.</param>
public sealed record QueueView(
    DateTimeOffset Now, QueueState Queue, IReadOnlyList<Waiting> InOrder, IReadOnlyDictionary<int, Run> Runs, IReadOnlyList<LabHost> Hosts, Func<int?, Share> ShareOf)
{
    public IEnumerable<Run> UnderWay => Runs.Values.Where(run => run.State != RunState.Queued).OrderBy(run => run.Id);

    public IEnumerable<LabHost> HostsUp => Hosts.Where(host => host.IsUp(Now));

    /// <summary>Slots of hosts that are up and take runs, whether a run has them or not.</summary>
    public int OpenSlots => Hosts.Where(host => host.TakesRuns(Now)).Sum(host => host.Slots);

    /// <returns>1 for the run that starts next; null for one that does not wait.</returns>
    public int? PlaceOf(int runId)
    {
        for (var i = 0; i < InOrder.Count; i++)
        {
            if (InOrder[i].RunId == runId) return i + 1;
        }
        return null;
    }

    public LabHost? HostOf(Run run) => Hosts.FirstOrDefault(host => host.Name == run.Host);
}

/// <summary>Reads how the queue stands.</summary>
public sealed class QueueReader(IDbContextFactory<LabDbContext> contexts, TimeProvider clock)
{
    public async Task<QueueView> ReadAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(clock, cancellationToken);
        var queue = await db.Queue.AsNoTracking().SingleAsync(cancellationToken);
        var runs = await db.Runs.AsNoTracking().Include(run => run.Owner)
            .Where(run => run.State == RunState.Queued || QueueRows.UnderWay.Contains(run.State)).ToListAsync(cancellationToken);
        var hosts = await db.Hosts.AsNoTracking().OrderBy(host => host.Name).ToListAsync(cancellationToken);
        var (open, underWay) = (hosts.Where(host => host.TakesRuns(now)).ToList(), runs.Where(run => run.State != RunState.Queued).ToList());
        var waiting = runs.Where(run => run.State == RunState.Queued)
            .Select(run => new Waiting(run.Id, run.OwnerId, run.Owner?.Role == MemberRole.Student, run.Rank, run.QueuedAt)
            {
                AwaitsImages = run.Dataset == queue.Drawing,
                Room = MemoryCapacity.RoomFor(run, open, underWay),
            }).ToList();
        var rows = await QueueRows.ReadAsync(db, now, queue, waiting, underWay.Select(run => run.OwnerId), cancellationToken);
        return new(now, rows.Queue, rows.InOrder, runs.ToDictionary(run => run.Id), hosts, rows.ShareOf);
    }
}
