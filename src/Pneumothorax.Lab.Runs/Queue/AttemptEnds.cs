using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>Writes that end an attempt, for use within a transaction: see <see cref="LabWrites.WriteAsync"/>.</summary>
internal static class AttemptEnds
{
    /// <summary>An attempt that failed because of its host: not charged, and back in the queue at its old place. After a second one the run has failed.</summary>
    /// <param name="run">With the attempt.</param>
    /// <param name="why">What happened, and what is to be done when it was the second time.</param>
    /// <returns>True when it is tried again.</returns>
    public static async Task<bool> EndInfrastructureFailureAsync(LabDbContext db, Run run, InfrastructureFailure why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await EndAttemptAsync(db, run, why.Why, isCharged: false, now, cancellationToken);
        var row = db.Runs.Where(r => r.Id == run.Id && r.Attempt == run.Attempt && QueueRows.UnderWay.Contains(r.State));
        var again = await row.Where(r => r.InfrastructureFailures == 0).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Queued)
            .SetProperty(r => r.InfrastructureFailures, 1)
            .SetProperty(r => r.Message, why.Again)
            .SetProperty(r => r.Stage, (string?)null)
            .SetProperty(r => r.SecondsLeft, (double?)null), cancellationToken);
        if (again > 0) return true;
        await row.ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Failed)
            .SetProperty(r => r.InfrastructureFailures, r => r.InfrastructureFailures + 1)
            .SetProperty(r => r.Message, why.Over)
            .SetProperty(r => r.EndedAt, now)
            .SetProperty(r => r.Stage, (string?)null)
            .SetProperty(r => r.SecondsLeft, (double?)null), cancellationToken);
        return false;
    }

    /// <param name="run">With the attempt, and how far it came.</param>
    /// <param name="how">One line.</param>
    public static Task<int> EndAttemptAsync(LabDbContext db, Run run, string how, bool isCharged, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.RunAttempts.Where(use => use.RunId == run.Id && use.Attempt == run.Attempt && use.EndedAt == null)
            .ExecuteUpdateAsync(set => set
                .SetProperty(use => use.EndedAt, now)
                .SetProperty(use => use.IsCharged, isCharged)
                .SetProperty(use => use.FromStep, run.FromStep)
                .SetProperty(use => use.Step, run.Step)
                .SetProperty(use => use.End, how), cancellationToken);

    public static Task<int> CancelStoppingAsync(IQueryable<Run> runs, string message, DateTimeOffset now, CancellationToken cancellationToken) =>
        runs.Where(run => run.State == RunState.Stopping)
            .ExecuteUpdateAsync(set => set
                .SetProperty(run => run.State, RunState.Canceled)
                .SetProperty(run => run.Message, message)
                .SetProperty(run => run.EndedAt, now), cancellationToken);
}
