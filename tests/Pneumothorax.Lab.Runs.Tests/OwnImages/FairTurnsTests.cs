using Pneumothorax.Lab.Classroom.OwnImages;

namespace Pneumothorax.Lab.Runs.Tests.OwnImages;

public sealed class FairTurnsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneMember_NeverHasTwoTurns_AndAnotherGetsTheFreePlaceAtOnce()
    {
        var turns = new FairTurns(2);
        using var first = await turns.TakeAsync(1, Token);
        var second = turns.TakeAsync(1, Token);

        using var others = await turns.TakeAsync(2, Token);

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task WhoeverWaitedLongest_ComesNext_HoweverManyAnotherHasInLine()
    {
        var turns = new FairTurns(1);
        List<int> order = [];
        var now = await turns.TakeAsync(1, Token);
        int[] line = [1, 1, 1, 2, 2, 3];
        var all = line.Select(UseAsync).ToList();

        now.Dispose();
        await Task.WhenAll(all);

        // Two and three have had no turn yet.
        Assert.Equal([2, 3, 1, 2, 1, 1], order);

        async Task UseAsync(int who)
        {
            using var turn = await turns.TakeAsync(who, Token);
            order.Add(who);
        }
    }

    [Fact]
    public async Task WhoeverGoesAway_LeavesTheLine()
    {
        var turns = new FairTurns(1);
        var now = await turns.TakeAsync(1, Token);
        using var going = new CancellationTokenSource();
        var gone = turns.TakeAsync(2, going.Token);
        var next = turns.TakeAsync(3, Token);
        await going.CancelAsync();

        now.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        (await next).Dispose();
        Assert.NotNull(turns.TryTake(4));
        Assert.Null(turns.TryTake(5));
    }
}
