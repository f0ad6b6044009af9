using FsCheck.Xunit;
using Pneumothorax.Lab.Runs.Queue;

namespace Pneumothorax.Lab.Runs.Tests.Queue;

public sealed class ForecastTests
{
    private static Waiting Run(int id, int owner, bool isLimited = true) => new(id, owner, isLimited, null, DateTimeOffset.UnixEpoch.AddSeconds(id));

    private static IReadOnlyDictionary<int, double> Starts(
        IReadOnlyList<Waiting> line, IReadOnlyList<UnderWay> underWay, int slots, double? seconds = 60, int runningEach = 1) =>
        Forecast.Starts(line, underWay, slots, _ => true, _ => seconds, runningEach);

    [Fact]
    public void Starts_OneSlot_EachAfterTheOneBefore()
    {
        var starts = Starts([Run(1, 1), Run(2, 2), Run(3, 3)], [new(9, 4, SecondsLeft: 30)], slots: 1);

        Assert.Equal([30.0, 90, 150], [starts[1], starts[2], starts[3]]);
    }

    [Fact]
    public void Starts_OwnersOtherRun_IsWaitedFor_WhileOthersPass()
    {
        var starts = Starts([Run(1, 1), Run(2, 2)], [new(9, 1, SecondsLeft: 300)], slots: 2);

        Assert.Equal((300.0, 0.0), (starts[1], starts[2]));
        Assert.Equal(0, Starts([Run(1, 1, isLimited: false)], [new(9, 1, 300)], slots: 2)[1]);
        Assert.Equal(0, Starts([Run(1, 1)], [new(9, 1, 300)], slots: 2, runningEach: 2)[1]);
    }

    [Fact]
    public void Starts_WithoutAHost_OrBehindARunOfUnknownLength_AreNotTold()
    {
        Assert.Empty(Starts([Run(1, 1)], [], slots: 0));
        Assert.Empty(Starts([Run(1, 1)], [new(9, 4, SecondsLeft: null)], slots: 1));
        Assert.Equal([1], Starts([Run(1, 1), Run(2, 2)], [], slots: 1, seconds: null).Keys);
    }

    [Fact]
    public void Starts_SlotOfAHostThatDrains_FreesNothing()
    {
        var starts = Forecast.Starts([Run(1, 1)], [new(8, 2, 10), new(9, 3, 100)], 1, run => run.RunId == 9, _ => 60, 1);

        Assert.Equal(100, starts[1]);
    }

    [Property]
    public void Starts_OneMoreSlot_MakesTheFirstOfAllNoLater(byte[] owners, byte slots)
    {
        List<Waiting> line = [.. owners.Select((owner, i) => Run(i + 1, owner % 5))];
        var (fewer, more) = (Starts(line, [], 1 + slots % 4), Starts(line, [], 2 + slots % 4));

        Assert.Equal(line.Count, fewer.Count);
        Assert.All(line, run => Assert.True(more[run.RunId] <= fewer[run.RunId]));      // all take as long, so nobody loses by it
    }
}
