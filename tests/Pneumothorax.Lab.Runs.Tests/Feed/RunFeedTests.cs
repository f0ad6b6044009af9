using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Feed;

public sealed class RunFeedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Updates_BetweenTwoReads_ComeAsOne()
    {
        var feed = new RunFeed(TimeProvider.System);
        using var reader = feed.Subscribe(1);
        for (var step = 1; step <= 50; step++) feed.Publish(Update(Run(1), step));
        feed.Publish(Update(Run(2), 99));

        var update = await FirstAsync(reader);

        Assert.Equal(Enumerable.Range(1, 50), update.Points.Select(point => point.Step));
    }

    [Fact]
    public async Task Restart_CutsThePointsThatNoLongerCount()
    {
        var feed = new RunFeed(TimeProvider.System);
        using var reader = feed.Subscribe(1);
        foreach (var step in (int[])[10, 20, 30]) feed.Publish(Update(Run(1), step));
        feed.Publish(new(Run(1), [], []) { FromStep = 20 });
        feed.Publish(Update(Run(1), 30));

        var update = await FirstAsync(reader);

        Assert.Equal(20, update.FromStep);
        Assert.Equal([10, 20, 30], update.Points.Select(point => point.Step));
    }

    [Fact]
    public async Task SlowReader_LosesTheOldest_AndNeverStopsThePublisher()
    {
        var feed = new RunFeed(TimeProvider.System);
        using var reader = feed.Subscribe(1);
        for (var step = 1; step <= 20_000; step++) feed.Publish(Update(Run(1), step));

        var update = await FirstAsync(reader);

        Assert.Equal(20_000, update.Points[^1].Step);
        Assert.InRange(update.Points.Count, 100, 19_999);
    }

    [Fact]
    public async Task Read_IsAtMostFourTimesASecond()
    {
        var feed = new RunFeed(TimeProvider.System);
        using var reader = feed.Subscribe(1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var publishing = Task.Run(async () =>
        {
            for (var step = 1; !end.IsCancellationRequested; step++)
            {
                feed.Publish(Update(Run(1), step));
                await Task.Delay(5, CancellationToken.None);
            }
        }, Token);
        end.CancelAfter(TimeSpan.FromSeconds(1.1));

        var updates = 0;
        try
        {
            await foreach (var _ in reader.ReadAllAsync(end.Token)) updates++;
        }
        catch (OperationCanceledException) { }
        await publishing;

        Assert.InRange(updates, 2, 5);
    }

    [Fact]
    public async Task SubscribeAll_ShowsAStudentOnlyWhatHeMaySee()
    {
        var feed = new RunFeed(TimeProvider.System);
        using var reader = feed.SubscribeAll(new(7, "Ada", IsInstructor: false));
        feed.PublishState(Run(1, owner: 8));
        feed.PublishState(Run(2, owner: 7));

        Assert.Equal(2, (await FirstAsync(reader)).Run.Id);
    }

    private static Run Run(int id, int? owner = null) =>
        new() { Id = id, Name = "x", Dataset = "xray", Network = "lite", OwnerId = owner };

    private static RunUpdate Update(Run run, int step) => new(run, [new(step, SeriesNames.TrainLoss, 0.5)], []);

    private static async Task<RunUpdate> FirstAsync(RunSubscription reader)
    {
        await foreach (var update in reader.ReadAllAsync(Token)) return update;
        throw new InvalidOperationException("The subscription ended.");
    }
}
