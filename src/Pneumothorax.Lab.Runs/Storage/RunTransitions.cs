using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Telemetry;

namespace Pneumothorax.Lab.Runs.Storage;

/// <summary>
/// Every change of a run's state, each as one UPDATE with the expected state in its WHERE: of two that try, one wins.
/// What an attempt writes carries its number, so that one which was given up can no longer write.
/// </summary>
internal sealed class RunTransitions(IDbContextFactory<LabDbContext> contexts, ThisHost self, TimeProvider clock, LabTelemetry telemetry)
{
    private static readonly RunState[] s_held = LineRows.Held;

    private const string CanceledWhileLost = "Canceled while its host was lost. Its newest checkpoint is kept.";

    /// <summary>For so long a run that this host has spoilt waits for another one.</summary>
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
            var isRetried = lost is not null && await AttemptEnds.SpoilAsync(db, lost, RunMessages.LostHost(lost), now, cancellationToken);
            if (await IsClosedAsync(db, cancellationToken)) return default;

            var found = isRetried ? lost : await NextAsync(db, slot, now, cancellationToken);
            if (found is not null) await BeginAttemptAsync(db, found, job, slot, now, cancellationToken);
            // Lost a moment ago, or put back while nothing was to start: its host may not know yet.
            return (found?.Id, isRetried || (found is { HostFaults: > 0 } && (found.Host != self.Name || found.Message == RunMessages.LostHost(found).Again)));
        }, cancellationToken);
        return id is { } claimed && await FindAsync(claimed, cancellationToken) is { } run ? new(run, isTakenOver) : null;
    }

    /// <returns>True while nothing starts on this host: the queue is paused, or the host drains.</returns>
    public async Task<bool> IsClosedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await IsClosedAsync(db, cancellationToken);
    }

    private Task<bool> IsClosedAsync(LabDbContext db, CancellationToken cancellationToken) => db.Queue
        .AnyAsync(queue => queue.PausedAt != null || db.Hosts.Any(host => host.Name == self.Name && host.DrainedAt != null), cancellationToken);

    /// <returns>True when a run waits that this host has just spoilt, and that another one may take now.</returns>
    public async Task<bool> LeavesToOthersAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await LeftToOthersAsync(db, await db.NowAsync(clock, cancellationToken), cancellationToken)).Count > 0;
    }

    /// <summary>Runs that this host has just spoilt: as long as another one is up, that one shall have them.</summary>
    private async Task<IReadOnlyList<int>> LeftToOthersAsync(LabDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (spoiltAfter, seenAfter) = (now - s_forOthers, now - LabHost.GoneAfter);
        var spoilt = await db.Runs.Where(run => run.State == RunState.Queued && db.SlotUses.Any(use => use.RunId == run.Id && use.Attempt == run.Attempt
            && use.Host == self.Name && !use.IsCharged && use.EndedAt > spoiltAfter)).Select(run => run.Id).ToListAsync(cancellationToken);
        var hasOthers = spoilt.Count > 0 && await db.Hosts.AnyAsync(
            host => host.Name != self.Name && host.Slots > 0 && host.DrainedAt == null && host.LeftAt == null && host.SeenAt > seenAfter, cancellationToken);
        return hasOthers ? spoilt : [];
    }

    private async Task<Run?> NextAsync(LabDbContext db, int slot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var line = await LineRows.ReadAsync(db, now, cancellationToken);
        var left = await LeftToOthersAsync(db, now, cancellationToken);
        // A student's next run must not overtake the one that is left.
        var owners = line.Waiting.Where(run => run.IsLimited && left.Contains(run.RunId)).Select(run => run.OwnerId).ToList();
        var here = line.Waiting.Where(run => !left.Contains(run.RunId) && !owners.Contains(run.OwnerId));
        var host = await db.Hosts.AsNoTracking().SingleOrDefaultAsync(row => row.Name == self.Name, cancellationToken);
        var underWay = host is null ? [] : await db.Runs.AsNoTracking().Where(run => s_held.Contains(run.State) && run.Host == host.Name).ToListAsync(cancellationToken);
        foreach (var next in FairOrder.Of(here, line.ShareOf, line.Queue.RunningEach).Where(run => FairOrder.MayStart(run, line.ShareOf(run.OwnerId), line.Queue.RunningEach)))
        {
            var run = await db.Runs.AsNoTracking().SingleAsync(row => row.Id == next.RunId, cancellationToken);
            var needed = MemoryCapacity.NeededBy(run);
            if (host is null || MemoryCapacity.LeftIn(host, slot, underWay) is not { } memory || needed <= memory) return run;
            // It would fit once others have ended: smaller ones do not overtake it, or it would wait for ever.
            if (needed <= MemoryCapacity.Of(host, slot)) return null;
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
        db.SlotUses.Add(new() { RunId = run.Id, Attempt = attempt, OwnerId = run.OwnerId, Host = host, BeganAt = now });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>
    /// Puts back into the line what lost hosts had at work: attempts of which no host has said anything for a while. A host that lives says so
    /// every two seconds, and gives an attempt up before others may take it: see <see cref="AttemptWatch"/>.
    /// </summary>
    /// <returns>Those runs, as they are now.</returns>
    public async Task<IReadOnlyList<Run>> ReturnLostAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        await using (var look = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var before = await look.NowAsync(clock, cancellationToken) - silence;
            if (!await look.Runs.AnyAsync(run => s_held.Contains(run.State) && run.SeenAt < before, cancellationToken)) return [];
        }
        var ids = await contexts.WriteAsync(async db =>
        {
            var now = await db.NowAsync(clock, cancellationToken);
            var before = now - silence;
            var lost = await db.Runs.AsNoTracking().Where(run => s_held.Contains(run.State) && run.SeenAt < before).ToListAsync(cancellationToken);
            foreach (var run in lost)
            {
                await AttemptEnds.CancelStoppingAsync(db.Runs.Where(r => r.Id == run.Id), CanceledWhileLost, now, cancellationToken);
                await AttemptEnds.SpoilAsync(db, run, RunMessages.LostHost(run), now, cancellationToken);
            }
            return lost.ConvertAll(run => run.Id);
        }, cancellationToken);
        await using var after = await contexts.CreateDbContextAsync(cancellationToken);
        return await after.Runs.AsNoTracking().Include(run => run.Owner).Where(run => ids.Contains(run.Id)).ToListAsync(cancellationToken);
    }

    /// <summary>Says that this host has an attempt at work, and looks how its run stands.</summary>
    /// <returns>Its row, null when it is gone, and the minutes that this attempt may take, null for any number.</returns>
    public async Task<(Run? Run, int? Minutes)> LookAsync(Run attempt, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (db.Database.IsNpgsql())      // where rows are in a file there is no other host
        {
            var now = await db.NowAsync(clock, cancellationToken);
            await db.Runs.Where(r => r.Id == attempt.Id && r.Attempt == attempt.Attempt && s_held.Contains(r.State))
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.SeenAt, now), cancellationToken);
        }
        if (await db.Runs.AsNoTracking().Include(run => run.Owner).SingleOrDefaultAsync(run => run.Id == attempt.Id, cancellationToken) is not { } run) return default;
        return (run, TimeLimit.Minutes(run, (await db.Queue.AsNoTracking().SingleAsync(cancellationToken)).Limits));
    }

    public async Task<Run?> FindAsync(int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AsNoTracking().Include(run => run.Owner).SingleOrDefaultAsync(run => run.Id == id, cancellationToken);
    }

    /// <returns>False when it was canceled meanwhile.</returns>
    public async Task<bool> TryStartAsync(Run run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(clock, cancellationToken);
        var isStarted = 1 == await db.Runs
            .Where(r => r.Id == run.Id && r.Attempt == run.Attempt && r.State == RunState.Starting)
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.State, RunState.Running)
                .SetProperty(r => r.StartedAt, r => r.StartedAt ?? now), cancellationToken);
        if (isStarted && run.Attempt == 1) telemetry.Started(now - run.QueuedAt);
        return isStarted;
    }

    /// <returns>False when this attempt no longer counts.</returns>
    public async Task<bool> WriteProgressAsync(Run run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Written anew in half a second: of all writes this one need not wait for the disk.
        await using var unhurried = await LabWrites.WithoutDiskAsync(db, cancellationToken);
        return 1 == await db.Runs
            .Where(r => r.Id == run.Id && r.Attempt == run.Attempt && s_held.Contains(r.State))
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.Step, run.Step)
                .SetProperty(r => r.FromStep, run.FromStep)
                .SetProperty(r => r.BestStep, run.BestStep)
                .SetProperty(r => r.Stage, run.Stage)
                .SetProperty(r => r.ProcessorSeconds, run.ProcessorSeconds)
                .SetProperty(r => r.ImagesPerSecond, run.ImagesPerSecond)
                .SetProperty(r => r.SecondsLeft, run.SecondsLeft), cancellationToken);
    }

    /// <summary>What the page says of a run that goes on.</summary>
    public async Task WriteMessageAsync(Run run, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Runs.Where(r => r.Id == run.Id && r.Attempt == run.Attempt && s_held.Contains(r.State))
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.Message, run.Message)
                .SetProperty(r => r.ImagesPerSecond, run.ImagesPerSecond)
                .SetProperty(r => r.SecondsLeft, run.SecondsLeft), cancellationToken);
    }

    /// <summary>Ends an attempt: over, or back in line at its old place. The time that it had its slot is charged.</summary>
    public Task EndAsync(Run run, RunState state, string? message, CancellationToken cancellationToken) => contexts.WriteAsync(async db =>
    {
        var now = await db.NowAsync(clock, cancellationToken);
        await AttemptEnds.EndAttemptAsync(db, run, RunMessages.Ended(state, message), isCharged: true, now, cancellationToken);
        DateTimeOffset? endedAt = state.IsOver() ? now : null;
        var ended = await db.Runs
            .Where(r => r.Id == run.Id && r.Attempt == run.Attempt && s_held.Contains(r.State))
            .ExecuteUpdateAsync(set => set
                .SetProperty(r => r.State, state)
                .SetProperty(r => r.Message, message)
                .SetProperty(r => r.EndedAt, endedAt)
                .SetProperty(r => r.Step, run.Step)
                .SetProperty(r => r.BestStep, run.BestStep)
                .SetProperty(r => r.Stage, (string?)null)
                .SetProperty(r => r.ProcessorSeconds, run.ProcessorSeconds)
                .SetProperty(r => r.ImagesPerSecond, run.ImagesPerSecond)
                .SetProperty(r => r.SecondsLeft, (double?)null), cancellationToken);
        if (ended == 1 && state.IsOver()) telemetry.Ended(state);
        return ended;
    }, cancellationToken);

    /// <summary>Ends an attempt that this host spoilt: it is tried again once, and has failed after that. One that was being canceled is canceled.</summary>
    public Task EndSpoiltAsync(Run run, HostFault why, CancellationToken cancellationToken) => contexts.WriteAsync(async db =>
    {
        var now = await db.NowAsync(clock, cancellationToken);
        await db.Runs.Where(r => r.Id == run.Id && r.Attempt == run.Attempt && s_held.Contains(r.State))
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Step, run.Step).SetProperty(r => r.BestStep, run.BestStep), cancellationToken);
        var canceled = await AttemptEnds.CancelStoppingAsync(db.Runs.Where(r => r.Id == run.Id && r.Attempt == run.Attempt), "Canceled. Its newest checkpoint is kept.", now, cancellationToken);
        var isTriedAgain = await AttemptEnds.SpoilAsync(db, run, why, now, cancellationToken);
        if (!isTriedAgain) telemetry.Ended(canceled > 0 ? RunState.Canceled : RunState.Failed);
        return isTriedAgain;
    }, cancellationToken);

    /// <returns>True when a waiting run was taken out of the line.</returns>
    public async Task<bool> TryCancelQueuedAsync(int id, string message, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(clock, cancellationToken);
        var isCanceled = 1 == await db.Runs
            .Where(run => run.Id == id && run.State == RunState.Queued)
            .ExecuteUpdateAsync(set => set
                .SetProperty(run => run.State, RunState.Canceled)
                .SetProperty(run => run.Message, message)
                .SetProperty(run => run.EndedAt, now), cancellationToken);
        if (isCanceled) telemetry.Ended(RunState.Canceled);
        return isCanceled;
    }

    /// <returns>True when a run that has a process, or is about to, was asked to stop.</returns>
    public async Task<bool> TryStopAsync(int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return 1 == await db.Runs
            .Where(run => run.Id == id && (run.State == RunState.Starting || run.State == RunState.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.State, RunState.Stopping), cancellationToken);
    }

    /// <summary>After a start of the portal nothing has a process: what was under way goes back into the line and is not charged for the
    /// attempt, what was being canceled is canceled.</summary>
    /// <returns>See <see cref="WaitingAsync"/>.</returns>
    public async Task<IReadOnlyList<int>> RecoverAsync(CancellationToken cancellationToken)
    {
        await contexts.WriteAsync(async db =>
        {
            var now = await db.NowAsync(clock, cancellationToken);
            foreach (var run in await db.Runs.AsNoTracking().Where(run => s_held.Contains(run.State)).ToListAsync(cancellationToken))
                await AttemptEnds.EndAttemptAsync(db, run, "The portal stopped, and the run with it.", isCharged: false, now, cancellationToken);
            await AttemptEnds.CancelStoppingAsync(db.Runs, "Canceled while the portal was stopping. Its newest checkpoint is kept.", now, cancellationToken);
            return await db.Runs.Where(run => run.State == RunState.Starting || run.State == RunState.Running)
                .ExecuteUpdateAsync(set => set.SetProperty(run => run.State, RunState.Queued), cancellationToken);
        }, cancellationToken);
        return await WaitingAsync(cancellationToken);
    }

    /// <returns>Waiting runs whose owners may have one more under way, the first in line first.</returns>
    public async Task<IReadOnlyList<int>> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var line = await LineRows.ReadAsync(db, await db.NowAsync(clock, cancellationToken), cancellationToken);
        return [.. from run in line.InOrder where FairOrder.MayStart(run, line.ShareOf(run.OwnerId), line.Queue.RunningEach) select run.RunId];
    }

    /// <returns>Whether one owner has a run in line: it may start now that their other one is over.</returns>
    public async Task<bool> IsWaitingAsync(int ownerId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AnyAsync(run => run.OwnerId == ownerId && run.State == RunState.Queued, cancellationToken);
    }
}

/// <param name="IsTakenOver">Another host had it before, and may not know yet.</param>
internal sealed record Claim(Run Run, bool IsTakenOver);
