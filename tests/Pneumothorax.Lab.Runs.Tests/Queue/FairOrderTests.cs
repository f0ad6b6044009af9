using FsCheck.Xunit;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Queue;

public sealed class FairOrderTests
{
    private static readonly DateTimeOffset s_morning = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Eight owners at most; every byte of <paramref name="rows"/> is a run of one of them, in the order in which they came.</summary>
    private static List<Waiting> Line(byte[] rows) =>
        [.. rows.Select((row, i) => new Waiting(i + 1, row % 8, IsLimited: true, Rank: null, s_morning.AddSeconds(i)))];

    private static Func<int?, Share> Shares(byte[] used, int underWay = 0) =>
        owner => new(underWay, used.Length == 0 ? 0 : used[owner!.Value % used.Length]);

    [Property]
    public void Of_AnyLine_HoldsEachRunOnce(byte[] rows, byte[] used)
    {
        var line = Line(rows);

        Assert.Equal(line.Select(run => run.RunId).Order(), FairOrder.Of(line, Shares(used), 1).Select(run => run.RunId).Order());
    }

    [Property]
    public void Of_TwoFirstRuns_WhoHasUsedLessIsAhead(byte[] rows, byte[] used)
    {
        var shareOf = Shares(used);
        var firsts = FairOrder.Of(Line(rows), shareOf, 1).DistinctBy(run => run.OwnerId).ToList();

        foreach (var (one, next) in firsts.Zip(firsts.Skip(1)))
        {
            Assert.True(shareOf(one.OwnerId).UsedSeconds <= shareOf(next.OwnerId).UsedSeconds);
            if (shareOf(one.OwnerId) == shareOf(next.OwnerId)) Assert.True(one.QueuedAt < next.QueuedAt);
        }
    }

    [Property]
    public void Of_OneOwner_KeepsTheOrderOfHisLaunches(byte[] rows, byte[] used) =>
        Assert.All(FairOrder.Of(Line(rows), Shares(used), 1).GroupBy(run => run.OwnerId), his => Assert.Equal(his.Order(Comparer<Waiting>.Create((a, b) => a.RunId - b.RunId)), his));

    [Property]
    public void Of_EverybodysTurn_ComesBeforeAnybodysNext(byte[] rows, byte[] used)
    {
        var turns = new Dictionary<int, int>();
        var last = 0;
        foreach (var run in FairOrder.Of(Line(rows), Shares(used), 1))
        {
            var turn = turns[run.OwnerId!.Value] = turns.GetValueOrDefault(run.OwnerId.Value) + 1;
            Assert.True(turn >= last);
            last = turn;
        }
    }

    [Property]
    public void Of_OwnersUnderOtherNumbers_IsTheSameOrder(byte[] rows, byte[] used)
    {
        // Who one is must not matter, only what one has used and how long one has waited.
        var line = Line(rows);
        var shareOf = Shares(used);
        var renamed = line.Select(run => run with { OwnerId = 1000 - run.OwnerId });

        Assert.Equal(
            FairOrder.Of(line, shareOf, 1).Select(run => run.RunId),
            FairOrder.Of(renamed, owner => shareOf(1000 - owner), 1).Select(run => run.RunId));
    }

    [Property]
    public void Next_AsLongAsSomebodyMayStart_IsNeverNobody(byte[] rows, byte[] used, bool busy)
    {
        var line = Line(rows);
        var shareOf = Shares(used, busy ? 1 : 0);

        Assert.Equal(line.Exists(run => FairOrder.MayStart(run, shareOf(run.OwnerId), 1)), FairOrder.Next(line, shareOf, 1) is not null);
    }

    [Property]
    public void Next_EverybodyAlwaysWaits_StartsDifferByOneAtMost(byte owners, byte rounds)
    {
        // The one who came last starts as often as the one who came first: nobody starves.
        var count = 1 + owners % 8;
        var starts = new int[count];
        for (var round = 0; round < rounds; round++)
        {
            var line = Enumerable.Range(0, count).SelectMany(owner => Enumerable.Range(0, 3).Select(i => new Waiting(owner * 3 + i, owner, true, null, s_morning.AddSeconds(owner))));
            starts[FairOrder.Next(line, owner => new(0, 60.0 * starts[owner!.Value]), 1)!.OwnerId!.Value]++;
            Assert.True(starts.Max() - starts.Min() <= 1);
        }
    }

    [Fact]
    public void Of_RankedRuns_StandFirstInTheInstructorsOrder()
    {
        Waiting[] line = [Run(1, owner: 1), Run(2, owner: 2, rank: 1), Run(3, owner: 3, rank: 0), Run(4, owner: 2)];

        Assert.Equal([3, 2, 1, 4], FairOrder.Of(line, _ => default, 1).Select(run => run.RunId));
    }

    [Fact]
    public void Next_OwnerWithOneUnderWay_IsPassedOver_ButTheInstructorIsNot()
    {
        Func<int?, Share> shareOf = owner => new(owner == 3 ? 0 : 1, owner == 3 ? 500 : 10);

        Assert.Equal(3, FairOrder.Next([Run(1, owner: 1), Run(2, owner: 2), Run(3, owner: 3)], shareOf, 1)!.RunId);
        Assert.Equal(2, FairOrder.Next([Run(1, owner: 1), Run(2, owner: 2) with { IsLimited = false }], shareOf, 1)!.RunId);
        Assert.Null(FairOrder.Next([Run(1, owner: 1)], shareOf, 1));
        Assert.NotNull(FairOrder.Next([Run(1, owner: 1)], shareOf, 2));
    }

    [Fact]
    public void Seconds_OfAUse_CountOnlyWithinTheLastHours()
    {
        var now = s_morning.AddHours(24);
        RunAttempt Use(double began, double? ended) => new() { Host = "a", BeganAt = s_morning.AddHours(began), EndedAt = ended is { } end ? s_morning.AddHours(end) : null };

        Assert.Equal(3600, QueueRows.Seconds(Use(-1, 1), s_morning, now));
        Assert.Equal(7200, QueueRows.Seconds(Use(22, null), s_morning, now));
        Assert.Equal(0, QueueRows.Seconds(Use(-2, -1), s_morning, now));
    }

    private static Waiting Run(int id, int owner, int? rank = null) => new(id, owner, true, rank, s_morning.AddSeconds(id));
}
