using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Telemetry;

namespace Pneumothorax.Lab.Runs.Storage;

/// <summary>
/// Every change of a run's state, each as one UPDATE with the expected state in its WHERE: of two that try, one wins.
/// What an attempt writes carries its number, so that one which was given up can no longer write.
/// </summary>
internal sealed class RunTransitions(IDbContextFactory<LabDbContext> contexts, TimeProvider clock, LabTelemetry telemetry)
{
    private static readonly RunState[] s_held = [RunState.Starting, RunState.Running, RunState.Stopping];

    /// <summary>
    /// Takes the first run in line for a new attempt; a student has one under way at a time. A job that has a run already is handed out a
    /// second time, since its host is lost: it takes that run over. From then on what the attempt before writes no longer counts, should
    /// its host be alive after all. If the run was being canceled, it is canceled.
    /// </summary>
    /// <param name="job">The queue's job that asks.</param>
    /// <returns>Null when there is nothing to take.</returns>
    public async Task<Claim?> TryClaimAsync(string job, CancellationToken cancellationToken)
    {
        // One writer at a time, so two runs of one student are not both taken.
        var (id, isTakenOver) = await contexts.WriteAsync(async db =>
        {
            var own = db.Runs.Where(run => run.Job == job);
            await CancelStoppingAsync(own, await db.NowAsync(clock, cancellationToken), "Canceled while its host was lost. What its newest checkpoint holds is kept.", cancellationToken);
            var lost = await own.Where(run => s_held.Contains(run.State)).Select(run => (int?)run.Id).FirstOrDefaultAsync(cancellationToken);
            var taken = lost ?? await InLine(db).FirstOrDefaultAsync(cancellationToken);
            if (taken is { } found) await BeginAttemptAsync(job, db.Runs.Where(run => run.Id == found), cancellationToken);
            return (taken, lost is not null);
        }, cancellationToken);
        return id is { } claimed && await FindAsync(claimed, cancellationToken) is { } run ? new(run, isTakenOver) : null;
    }

    private static Task<int> BeginAttemptAsync(string job, IQueryable<Run> run, CancellationToken cancellationToken) =>
        run.ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Starting)
            .SetProperty(r => r.Attempt, r => r.Attempt + 1)
            .SetProperty(r => r.Job, job)
            .SetProperty(r => r.FromStep, (int?)null)
            .SetProperty(r => r.Message, (string?)null)
            .SetProperty(r => r.EndedAt, (DateTimeOffset?)null), cancellationToken);

    private static Task<int> CancelStoppingAsync(IQueryable<Run> runs, DateTimeOffset now, string message, CancellationToken cancellationToken)
    {
        return runs.Where(run => run.State == RunState.Stopping)
            .ExecuteUpdateAsync(set => set
                .SetProperty(run => run.State, RunState.Canceled)
                .SetProperty(run => run.Message, message)
                .SetProperty(run => run.EndedAt, now), cancellationToken);
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

    /// <summary>Ends an attempt: over, or back in line at its old place.</summary>
    public async Task EndAsync(Run run, RunState state, string? message, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset? endedAt = state.IsOver() ? await db.NowAsync(clock, cancellationToken) : null;
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
    }

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

    /// <summary>After a start of the portal nothing has a process: what was under way goes back into the line, what was being
    /// canceled is canceled.</summary>
    /// <returns>Waiting runs, the first in line first.</returns>
    public async Task<IReadOnlyList<int>> RecoverAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await CancelStoppingAsync(db.Runs, await db.NowAsync(clock, cancellationToken), "Canceled while the portal was ending. What its newest checkpoint holds is kept.", cancellationToken);
        await db.Runs.Where(run => run.State == RunState.Starting || run.State == RunState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.State, RunState.Queued), cancellationToken);
        return await WaitingAsync(cancellationToken);
    }

    /// <returns>Waiting runs whose owner has no other one under way, the first in line first.</returns>
    public async Task<IReadOnlyList<int>> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. from id in await InLine(db).ToListAsync(cancellationToken) select id!.Value];
    }

    private static IQueryable<int?> InLine(LabDbContext db) => db.Runs
        .Where(run => run.State == RunState.Queued && !db.Runs.Any(other =>
            other.OwnerId == run.OwnerId && other.Owner!.Role == MemberRole.Student && s_held.Contains(other.State)))
        .OrderBy(run => run.QueuedAt).ThenBy(run => run.Id)
        .Select(run => (int?)run.Id);

    /// <returns>Whether one owner has a run in line: it may start now that his other one is over.</returns>
    public async Task<bool> IsWaitingAsync(int ownerId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AnyAsync(run => run.OwnerId == ownerId && run.State == RunState.Queued, cancellationToken);
    }
}

/// <param name="IsTakenOver">Another host had it before, and may not know yet.</param>
internal sealed record Claim(Run Run, bool IsTakenOver);
