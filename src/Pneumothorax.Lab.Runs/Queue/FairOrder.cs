using Pneumothorax.Lab.Runs.Hosts;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>A run in the queue, as far as its place goes.</summary>
/// <param name="OwnerId">Null for runs that nobody owns; they count as one owner's.</param>
/// <param name="IsLimited">Its owner may have only so many under way: a student's.</param>
/// <param name="Rank">The place that the instructor gave it among those that have one; null for the fair order.</param>
public sealed record Waiting(int RunId, int? OwnerId, bool IsLimited, int? Rank, DateTimeOffset QueuedAt)
{
    /// <summary>Its data set is being drawn: it keeps its place, and cannot start yet.</summary>
    public bool AwaitsImages { get; init; }

    /// <summary>Whether a host has the memory that it needs; pages tell, and hosts look for themselves.</summary>
    public MemoryRoom Room { get; init; }
}

/// <summary>What an owner has of the hosts.</summary>
/// <param name="UnderWay">Runs that have a slot now.</param>
/// <param name="UsedSeconds">Slot time of the last hours that is charged, runs under way included.</param>
public readonly record struct Share(int UnderWay, double UsedSeconds);

/// <summary>
/// Who goes next. First what the instructor put first, in their order. Then turn by turn: everybody's first run before anybody's second,
/// where runs under way count as turns had; within a turn who has used less slot time lately; at last who has waited longer.
/// </summary>
public static class FairOrder
{
    /// <returns>All of them, the first in the queue first. A run whose owner has as many under way as they may stands where its turn will come.</returns>
    public static IReadOnlyList<Waiting> Of(IEnumerable<Waiting> waiting, Func<int?, Share> shareOf, int runningEach) =>
    [
        .. from owner in waiting.GroupBy(run => run.OwnerId)
           let share = shareOf(owner.Key)
           from item in owner.OrderBy(run => run.Rank ?? int.MaxValue).ThenBy(run => run.QueuedAt).ThenBy(run => run.RunId).Index()
           let run = item.Item
           let turn = (share.UnderWay + item.Index) / Math.Max(1, runningEach)
           orderby run.Rank ?? int.MaxValue, turn, share.UsedSeconds, run.QueuedAt, run.RunId
           select run,
    ];

    /// <returns>The run that a free slot takes now; null when none of those that wait may start.</returns>
    public static Waiting? Next(IEnumerable<Waiting> waiting, Func<int?, Share> shareOf, int runningEach) =>
        Of(waiting, shareOf, runningEach).FirstOrDefault(run => MayStart(run, shareOf(run.OwnerId), runningEach));

    public static bool MayStart(Waiting run, Share share, int runningEach) => !run.AwaitsImages && run.Room == MemoryRoom.There && (!run.IsLimited || share.UnderWay < runningEach);
}
