using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>Which run a free slot takes, and how its attempt begins.</summary>
internal sealed partial class RunTransitions
{
    /// <summary>For so long a run that failed because of this host waits for another one.</summary>
    private static readonly TimeSpan s_forOthers = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Takes the run that goes next for a new attempt, see <see cref="FairOrder"/>. A job that has a run already is handed out a second
    /// time, since its host is lost: it takes that run over, once. From then on what the attempt before writes no longer counts, should
    /// its host be alive after all. If the run was being canceled, it is canceled.
    /// </summary>
    /// <param name="job">The queue's job that asks.</param>
    /// <param name="slot">The slot of this host that is free.</param>
    /// <returns>Null when there is nothing to take, or nothing starts here for now: see <see cref="IsClosedAsync"/>.</returns>
    public async Task<Claim?> TryClaimAsync(string job, int slot, CancellationToken cancellationToken)
    {
        // One writer at a time, so two runs of one student are not both taken.
        var (id, isTakenOver) = await contexts.WriteAsync(async db =>
        {
            var now = await db.NowAsync(clock, cancellationToken);
            var own = db.Runs.Where(run => run.Job == job);
            var lost = await own.AsNoTracking().FirstOrDefaultAsync(run => s_held.Contains(run.State), cancellationToken);
            await AttemptEnds.CancelStoppingAsync(own, CanceledWhileLost, now, cancellationToken);
            var isRetried = lost is not null && await AttemptEnds.EndInfrastructureFailureAsync(db, lost, RunMessages.LostHost(lost), now, cancellationToken);
            if (await IsClosedAsync(db, cancellationToken)) return default;

            var found = isRetried ? lost : await NextAsync(db, slot, now, cancellationToken);
            if (found is not null) await BeginAttemptAsync(db, found, job, slot, now, cancellationToken);
            // Lost a moment ago, or put back while nothing was to start: its host may not know yet.
            return (found?.Id, isRetried || (found is { InfrastructureFailures: > 0 } && (found.Host != self.Name || found.Message == RunMessages.LostHost(found).Again)));
        }, cancellationToken);
        // Without a token: it is taken, and nobody else would serve it.
        return id is { } claimed && await FindAsync(claimed, CancellationToken.None) is { } run ? new(run, isTakenOver) : null;
    }

    /// <returns>True while nothing starts on this host: the queue is paused, or the host drains.</returns>
    public async Task<bool> IsClosedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await IsClosedAsync(db, cancellationToken);
    }

    private Task<bool> IsClosedAsync(LabDbContext db, CancellationToken cancellationToken) => db.Queue
        .AnyAsync(queue => queue.PausedAt != null || db.Hosts.Any(host => host.Name == self.Name && host.DrainedAt != null), cancellationToken);

    /// <returns>True when a run waits that just failed because of this host, and that another one may take now.</returns>
    public async Task<bool> LeavesToOthersAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await LeftToOthersAsync(db, await db.NowAsync(clock, cancellationToken), cancellationToken)).Count > 0;
    }

    /// <summary>Runs that just failed because of this host: as long as another one is up, that one shall have them.</summary>
    private async Task<IReadOnlyList<int>> LeftToOthersAsync(LabDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (failedAfter, seenAfter) = (now - s_forOthers, now - LabHost.GoneAfter);
        var failedHere = await db.Runs.Where(run => run.State == RunState.Queued && db.RunAttempts.Any(use => use.RunId == run.Id && use.Attempt == run.Attempt
            && use.Host == self.Name && !use.IsCharged && use.EndedAt > failedAfter)).Select(run => run.Id).ToListAsync(cancellationToken);
        var hasOthers = failedHere.Count > 0 && await db.Hosts.AnyAsync(
            host => host.Name != self.Name && host.Slots > 0 && host.DrainedAt == null && host.LeftAt == null && host.SeenAt > seenAfter, cancellationToken);
        return hasOthers ? failedHere : [];
    }

    private async Task<Run?> NextAsync(LabDbContext db, int slot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var line = await QueueRows.ReadAsync(db, now, cancellationToken);
        var left = await LeftToOthersAsync(db, now, cancellationToken);
        // A student's next run must not overtake the one that is left.
        var owners = line.Waiting.Where(run => run.IsLimited && left.Contains(run.RunId)).Select(run => run.OwnerId).ToList();
        var here = line.Waiting.Where(run => !left.Contains(run.RunId) && !owners.Contains(run.OwnerId));
        var host = await db.Hosts.AsNoTracking().SingleOrDefaultAsync(row => row.Name == self.Name, cancellationToken);
        var underWay = host is null ? [] : await db.Runs.AsNoTracking().Where(run => s_held.Contains(run.State) && run.Host == host.Name).ToListAsync(cancellationToken);
        foreach (var next in FairOrder.Of(here, line.ShareOf, line.Queue.RunningEach).Where(run => FairOrder.MayStart(run, line.ShareOf(run.OwnerId), line.Queue.RunningEach)))
        {
            var run = await db.Runs.AsNoTracking().SingleAsync(row => row.Id == next.RunId, cancellationToken);
            var room = host is null ? MemoryRoom.There : MemoryCapacity.RoomIn(host, slot, run, underWay);
            if (room == MemoryRoom.There) return run;
            // It would fit once others have ended: smaller ones do not overtake it, or it would wait for ever.
            if (room == MemoryRoom.Later) return null;
        }
        return null;
    }

    /// <returns>Bytes that an attempt may take where it shares the machine's memory with a portal; null where nothing tells.</returns>
    public async Task<long?> MemoryOfAsync(Run run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var host = await db.Hosts.AsNoTracking().SingleOrDefaultAsync(row => row.Name == self.Name, cancellationToken);
        var underWay = await db.Runs.AsNoTracking().Where(other => s_held.Contains(other.State) && other.Host == self.Name && other.Id != run.Id).ToListAsync(cancellationToken);
        return host is null ? null : MemoryCapacity.LeftIn(host, run.Slot ?? 0, underWay);
    }

    private async Task BeginAttemptAsync(LabDbContext db, Run run, string job, int slot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (attempt, host) = (run.Attempt + 1, self.Name);
        await db.Runs.Where(r => r.Id == run.Id).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Starting)
            .SetProperty(r => r.Attempt, attempt)
            .SetProperty(r => r.AttemptAt, now)
            .SetProperty(r => r.SeenAt, now)
            .SetProperty(r => r.ProcessorSeconds, (double?)null)
            .SetProperty(r => r.Job, job)
            .SetProperty(r => r.Host, host)
            .SetProperty(r => r.Slot, slot)
            .SetProperty(r => r.FromStep, (int?)null)
            .SetProperty(r => r.Message, (string?)null)
            .SetProperty(r => r.EndedAt, (DateTimeOffset?)null), cancellationToken);
        db.RunAttempts.Add(new() { RunId = run.Id, Attempt = attempt, OwnerId = run.OwnerId, Host = host, BeganAt = now });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>Waiting runs that are worth a job, the first in the queue first: their owners may have one more under way, and a host has room for them.
    /// The others wait for a host, a run or the instructor to change that, and a job for them would find nothing to do.</returns>
    public async Task<IReadOnlyList<int>> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(clock, cancellationToken);
        var line = await QueueRows.ReadAsync(db, now, cancellationToken);
        if (line.Queue.PausedAt is not null) return [];
        List<int> ids = [.. from run in line.InOrder where FairOrder.MayStart(run, line.ShareOf(run.OwnerId), line.Queue.RunningEach) select run.RunId];
        var up = (await db.Hosts.AsNoTracking().ToListAsync(cancellationToken)).Where(host => host.Slots > 0 && host.IsUp(now)).ToList();
        if (ids.Count == 0 || up.Count == 0) return ids;        // a host says how it is soon after its start
        var rows = await db.Runs.AsNoTracking().Where(run => run.State == RunState.Queued || s_held.Contains(run.State)).ToDictionaryAsync(run => run.Id, cancellationToken);
        return MemoryCapacity.Startable(
            [.. from id in ids let run = rows.GetValueOrDefault(id) where run is { State: RunState.Queued } select run],
            [.. up.Where(host => host.TakesRuns(now))], [.. rows.Values.Where(run => run.State != RunState.Queued)]);
    }

    /// <returns>Whether one owner has a run in the queue: it may start now that their other one is over.</returns>
    public async Task<bool> IsWaitingAsync(int ownerId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AnyAsync(run => run.OwnerId == ownerId && run.State == RunState.Queued, cancellationToken);
    }
}

/// <param name="IsTakenOver">Another host had it before, and may not know yet.</param>
internal sealed record Claim(Run Run, bool IsTakenOver);
