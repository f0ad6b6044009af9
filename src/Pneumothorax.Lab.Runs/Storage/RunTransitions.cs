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
            await CancelStoppingAsync(own, "Canceled while its host was lost. What its newest checkpoint holds is kept.", now, cancellationToken);
            var isRetried = lost is not null && await SpoilAsync(db, lost, RunMessages.LostHost(lost), now, cancellationToken);
            if (await IsClosedAsync(db, cancellationToken)) return default;

            var found = isRetried ? lost : await NextAsync(db, now, cancellationToken);
            if (found is not null) await BeginAttemptAsync(db, found, job, slot, now, cancellationToken);
            // Lost a moment ago, and perhaps put back while nothing was to start: its host may not know yet.
            return (found?.Id, isRetried || (found is { HostFaults: > 0 } && found.Host != self.Name));
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

    private async Task<Run?> NextAsync(LabDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var line = await LineRows.ReadAsync(db, now, cancellationToken);
        var left = await LeftToOthersAsync(db, now, cancellationToken);
        // A student's next run must not overtake the one that is left.
        var owners = line.Waiting.Where(run => run.IsLimited && left.Contains(run.RunId)).Select(run => run.OwnerId).ToList();
        var here = line.Waiting.Where(run => !left.Contains(run.RunId) && !owners.Contains(run.OwnerId));
        return FairOrder.Next(here, line.ShareOf, line.Queue.RunningEach) is { } next
            ? await db.Runs.AsNoTracking().SingleAsync(run => run.Id == next.RunId, cancellationToken)
            : null;
    }

    private async Task BeginAttemptAsync(LabDbContext db, Run run, string job, int slot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (attempt, host) = (run.Attempt + 1, self.Name);
        await db.Runs.Where(r => r.Id == run.Id).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Starting)
            .SetProperty(r => r.Attempt, attempt)
            .SetProperty(r => r.AttemptAt, now)
            .SetProperty(r => r.Job, job)
            .SetProperty(r => r.Host, host)
            .SetProperty(r => r.Slot, slot)
            .SetProperty(r => r.FromStep, (int?)null)
            .SetProperty(r => r.Message, (string?)null)
            .SetProperty(r => r.EndedAt, (DateTimeOffset?)null), cancellationToken);
        db.SlotUses.Add(new() { RunId = run.Id, Attempt = attempt, OwnerId = run.OwnerId, Host = host, BeganAt = now });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>An attempt that its host spoilt: not charged, and back in line at its old place. After a second one the run has failed.</summary>
    /// <param name="run">With the attempt.</param>
    /// <param name="why">What happened, and what is to be done when it was the second time.</param>
    /// <returns>True when it is tried again.</returns>
    private static async Task<bool> SpoilAsync(LabDbContext db, Run run, HostFault why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await EndAttemptAsync(db, run, why.Why, isCharged: false, now, cancellationToken);
        var row = db.Runs.Where(r => r.Id == run.Id && r.Attempt == run.Attempt && s_held.Contains(r.State));
        var again = await row.Where(r => r.HostFaults == 0).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Queued)
            .SetProperty(r => r.HostFaults, 1)
            .SetProperty(r => r.Message, why.Again)
            .SetProperty(r => r.Stage, (string?)null)
            .SetProperty(r => r.SecondsLeft, (double?)null), cancellationToken);
        if (again > 0) return true;
        await row.ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Failed)
            .SetProperty(r => r.HostFaults, r => r.HostFaults + 1)
            .SetProperty(r => r.Message, why.Over)
            .SetProperty(r => r.EndedAt, now)
            .SetProperty(r => r.Stage, (string?)null)
            .SetProperty(r => r.SecondsLeft, (double?)null), cancellationToken);
        return false;
    }

    /// <param name="run">With the attempt, and how far it came.</param>
    /// <param name="how">One line.</param>
    private static Task<int> EndAttemptAsync(LabDbContext db, Run run, string how, bool isCharged, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.SlotUses.Where(use => use.RunId == run.Id && use.Attempt == run.Attempt && use.EndedAt == null)
            .ExecuteUpdateAsync(set => set
                .SetProperty(use => use.EndedAt, now)
                .SetProperty(use => use.IsCharged, isCharged)
                .SetProperty(use => use.FromStep, run.FromStep)
                .SetProperty(use => use.Step, run.Step)
                .SetProperty(use => use.End, how), cancellationToken);

    private static Task<int> CancelStoppingAsync(IQueryable<Run> runs, string message, DateTimeOffset now, CancellationToken cancellationToken) =>
        runs.Where(run => run.State == RunState.Stopping)
            .ExecuteUpdateAsync(set => set
                .SetProperty(run => run.State, RunState.Canceled)
                .SetProperty(run => run.Message, message)
                .SetProperty(run => run.EndedAt, now), cancellationToken);

    /// <summary>How a run stands that this host has at work.</summary>
    /// <returns>Its row, null when it is gone, and the minutes that this attempt may take, null for any number.</returns>
    public async Task<(Run? Run, int? Minutes)> LookAsync(int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Runs.AsNoTracking().Include(run => run.Owner).SingleOrDefaultAsync(run => run.Id == id, cancellationToken) is not { } run) return default;
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
                .SetProperty(r => r.ImagesPerSecond, run.ImagesPerSecond)
                .SetProperty(r => r.SecondsLeft, run.SecondsLeft), cancellationToken);
    }

    /// <summary>Ends an attempt: over, or back in line at its old place. The time that it had its slot is charged.</summary>
    public Task EndAsync(Run run, RunState state, string? message, CancellationToken cancellationToken) => contexts.WriteAsync(async db =>
    {
        var now = await db.NowAsync(clock, cancellationToken);
        await EndAttemptAsync(db, run, RunMessages.Ended(state, message), isCharged: true, now, cancellationToken);
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
        var canceled = await CancelStoppingAsync(db.Runs.Where(r => r.Id == run.Id && r.Attempt == run.Attempt), "Canceled. What its newest checkpoint holds is kept.", now, cancellationToken);
        var isTriedAgain = await SpoilAsync(db, run, why, now, cancellationToken);
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
                await EndAttemptAsync(db, run, "The portal ended, and the run with it.", isCharged: false, now, cancellationToken);
            await CancelStoppingAsync(db.Runs, "Canceled while the portal was ending. What its newest checkpoint holds is kept.", now, cancellationToken);
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

    /// <returns>Whether one owner has a run in line: it may start now that his other one is over.</returns>
    public async Task<bool> IsWaitingAsync(int ownerId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AnyAsync(run => run.OwnerId == ownerId && run.State == RunState.Queued, cancellationToken);
    }
}

/// <param name="IsTakenOver">Another host had it before, and may not know yet.</param>
internal sealed record Claim(Run Run, bool IsTakenOver);
