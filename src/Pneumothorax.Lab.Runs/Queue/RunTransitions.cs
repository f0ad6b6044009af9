using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>
/// Every change of a run's state, each as one UPDATE with the expected state in its WHERE: of two that try, one wins.
/// What an attempt writes carries its number, so that one which was given up can no longer write.
/// </summary>
internal sealed partial class RunTransitions(IDbContextFactory<LabDbContext> contexts, ThisHost self, TimeProvider clock, LabTelemetry telemetry)
{
    private static readonly RunState[] s_held = QueueRows.UnderWay;

    private const string CanceledWhileLost = "Canceled while its host was lost. Its newest checkpoint is kept.";

    /// <summary>
    /// Puts back into the queue what lost hosts had at work: attempts of which no host has said anything for a while. A host that lives says so
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
                await AttemptEnds.EndInfrastructureFailureAsync(db, run, RunMessages.LostHost(run), now, cancellationToken);
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

    /// <summary>Ends an attempt: over, or back in the queue at its old place. The time that it had its slot is charged.</summary>
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

    /// <summary>Ends an attempt that failed because of this host: it is tried again once, and has failed after that. One that was being canceled is canceled.</summary>
    public Task EndInfrastructureFailureAsync(Run run, InfrastructureFailure why, CancellationToken cancellationToken) => contexts.WriteAsync(async db =>
    {
        var now = await db.NowAsync(clock, cancellationToken);
        await db.Runs.Where(r => r.Id == run.Id && r.Attempt == run.Attempt && s_held.Contains(r.State))
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Step, run.Step).SetProperty(r => r.BestStep, run.BestStep), cancellationToken);
        var canceled = await AttemptEnds.CancelStoppingAsync(db.Runs.Where(r => r.Id == run.Id && r.Attempt == run.Attempt), "Canceled. Its newest checkpoint is kept.", now, cancellationToken);
        var isTriedAgain = await AttemptEnds.EndInfrastructureFailureAsync(db, run, why, now, cancellationToken);
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

    /// <summary>After a start of the portal nothing has a process: what was under way goes back into the queue and is not charged for the
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
}
