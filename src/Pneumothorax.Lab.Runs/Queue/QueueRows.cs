using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>The rows that decide who goes next, as they are at one moment.</summary>
internal sealed record QueueRows(QueueState Queue, IReadOnlyList<Waiting> Waiting, Func<int?, Share> ShareOf)
{
    public static readonly RunState[] UnderWay = [RunState.Starting, RunState.Running, RunState.Stopping];

    /// <summary>The first in the queue first.</summary>
    public IReadOnlyList<Waiting> InOrder => FairOrder.Of(Waiting, ShareOf, Queue.RunningEach);

    public static async Task<QueueRows> ReadAsync(LabDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var queue = await db.Queue.AsNoTracking().SingleAsync(cancellationToken);
        var waiting = await db.Runs.Where(run => run.State == RunState.Queued)
            .Select(run => new Waiting(run.Id, run.OwnerId, run.Owner != null && run.Owner.Role == MemberRole.Student, run.Rank, run.QueuedAt) { AwaitsImages = run.Dataset == queue.Drawing })
            .ToListAsync(cancellationToken);
        var underWay = await db.Runs.Where(run => UnderWay.Contains(run.State)).Select(run => run.OwnerId).ToListAsync(cancellationToken);
        return await ReadAsync(db, now, queue, waiting, underWay, cancellationToken);
    }

    /// <param name="underWay">The owner of each run that has a slot.</param>
    public static async Task<QueueRows> ReadAsync(
        LabDbContext db, DateTimeOffset now, QueueState queue, IReadOnlyList<Waiting> waiting, IEnumerable<int?> underWay, CancellationToken cancellationToken)
    {
        var from = now.AddHours(-queue.FairHours);
        var uses = await db.RunAttempts.AsNoTracking().Where(use => use.IsCharged && (use.EndedAt == null || use.EndedAt > from)).ToListAsync(cancellationToken);
        // Owners that are none count as one; a dictionary takes no null.
        var held = underWay.CountBy(owner => owner ?? 0).ToDictionary();
        var used = uses.GroupBy(use => use.OwnerId ?? 0).ToDictionary(owner => owner.Key, owner => owner.Sum(use => Seconds(use, from, now)));
        return new(queue, waiting, owner => new(held.GetValueOrDefault(owner ?? 0), used.GetValueOrDefault(owner ?? 0)));
    }

    /// <summary>The part of it that lies within the last hours.</summary>
    internal static double Seconds(RunAttempt use, DateTimeOffset from, DateTimeOffset now)
    {
        var began = use.BeganAt < from ? from : use.BeganAt;
        return Math.Max(0, ((use.EndedAt ?? now) - began).TotalSeconds);
    }
}
