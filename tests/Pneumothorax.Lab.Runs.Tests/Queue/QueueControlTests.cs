using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Queue;

public abstract class QueueControlTests(TestLabs labs)
{
    private const string Trainer = """
        echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
        echo '{"event":"completed","step":20,"checkpointStep":20}'
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pause_NothingStarts_UntilItGoesOn_AndTheReasonCanBeRead()
    {
        await using var lab = await labs.TrainedByAsync(Trainer);
        await lab.Control.PauseAsync(" The server room is warm. ", TestLab.Instructor, Token);
        var run = await lab.LaunchAsync(TestLab.Instructor);

        await Task.Delay(TimeSpan.FromSeconds(3), Token);       // a free slot looks every two
        var line = await lab.Line.ReadAsync(Token);
        Assert.Equal((1, "The server room is warm."), (line.PlaceOf(run.Id), line.Queue.PauseReason));
        Assert.NotNull(line.Queue.PausedAt);
        await lab.Control.GoOnAsync(TestLab.Instructor, Token);

        Assert.Equal(1, (await lab.WaitForAsync(run.Id, RunState.Completed)).Attempt);
        Assert.Equal(["resumed", "paused: The server room is warm."], await DetailsAsync(lab));
    }

    [Fact]
    public async Task RunOnImagesThatAreBeingDrawn_WaitsForThem_AndThenStartsByItself()
    {
        await using var lab = await labs.TrainedByAsync(Trainer);
        var notice = lab.Get<DrawingNotice>();
        var request = new RunRequest("", "phantom", "lite", new() { Steps = 20 });
        Assert.Contains("There is no data set", (await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.LaunchAsync(request, TestLab.Instructor, Token))).Message, StringComparison.Ordinal);
        await notice.PutUpAsync("phantom", Token);
        var epochs = await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.LaunchAsync(new("", "phantom", "lite", new() { Epochs = 2 }), TestLab.Instructor, Token));
        Assert.Contains("are being drawn, so the number of steps in an epoch is not known yet", epochs.Message, StringComparison.Ordinal);

        var waiting = await lab.Launcher.LaunchAsync(request, TestLab.Instructor, Token);
        // It holds up nobody who has his images.
        await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Completed);
        Assert.Equal((RunState.Queued, true), ((await lab.FindAsync(waiting.Id)).State, (await lab.Line.ReadAsync(Token)).InOrder.Single().AwaitsImages));
        await notice.TakeOffAsync(Token);

        Assert.Equal(1, (await lab.WaitForAsync(waiting.Id, RunState.Completed)).Attempt);
    }

    [Fact]
    public async Task Move_UpDownAndFront_StandsAboveTheFairOrder_UntilThatIsAskedFor()
    {
        await using var lab = await labs.OpenAsync();
        List<Run> runs = [];
        foreach (var name in (string[])["Ada", "Bo", "Cy", "Dee"]) runs.Add(await lab.LaunchAsync(await lab.AddStudentAsync(name)));
        int[] ids = [.. runs.Select(run => run.Id)];

        await lab.Control.MoveAsync(ids[3], Move.Front, TestLab.Instructor, Token);
        Assert.Equal([ids[3], ids[0], ids[1], ids[2]], await OrderAsync(lab));
        await lab.Control.MoveAsync(ids[3], Move.Down, TestLab.Instructor, Token);
        Assert.Equal([ids[0], ids[3], ids[1], ids[2]], await OrderAsync(lab));
        await lab.Control.MoveAsync(ids[2], Move.Up, TestLab.Instructor, Token);
        Assert.Equal([ids[0], ids[3], ids[2], ids[1]], await OrderAsync(lab));
        await lab.Control.MoveAsync(ids[0], Move.Up, TestLab.Instructor, Token);        // is first already
        Assert.Equal(ids[0], (await lab.Transitions.TryClaimAsync("job", 0, Token))!.Run.Id);
        Assert.Equal([ids[3], ids[2], ids[1]], await OrderAsync(lab));

        await lab.Control.OrderFairlyAsync(TestLab.Instructor, Token);
        Assert.Equal([ids[1], ids[2], ids[3]], await OrderAsync(lab));
        var gone = await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Control.MoveAsync(ids[0], Move.Up, TestLab.Instructor, Token));
        Assert.Contains("is no longer waiting", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_TakesWhoHasUsedLeast_NotWhoCameFirst()
    {
        await using var lab = await labs.OpenAsync();
        var (ada, bo) = (await lab.AddStudentAsync("Ada"), await lab.AddStudentAsync("Bo"));
        await lab.LaunchAsync(ada);
        var attempt = (await lab.Transitions.TryClaimAsync("job 1", 0, Token))!.Run;
        await Task.Delay(20, Token);
        await lab.Transitions.EndAsync(attempt, RunState.Completed, null, Token);
        var (second, first) = (await lab.LaunchAsync(ada), await lab.LaunchAsync(bo));

        Assert.Equal([first.Id, second.Id], await OrderAsync(lab));
        Assert.Equal(first.Id, (await lab.Transitions.TryClaimAsync("job 2", 0, Token))!.Run.Id);
    }

    [Fact]
    public async Task Students_ChangeNothing()
    {
        await using var lab = await labs.OpenAsync();
        var ada = await lab.AddStudentAsync("Ada");
        var run = await lab.LaunchAsync(ada);

        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Control.PauseAsync(null, ada, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Control.GoOnAsync(ada, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Control.MoveAsync(run.Id, Move.Front, ada, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Control.DrainAsync("a", ada, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Control.AllowAsync(run.Id, 0, ada, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Control.DrainAsync("no such host", TestLab.Instructor, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Control.PauseAsync(new string('x', 201), TestLab.Instructor, Token));
        Assert.Empty(await DetailsAsync(lab));
    }

    private static async Task<List<int>> OrderAsync(TestLab lab) => [.. (await lab.Line.ReadAsync(Token)).InOrder.Select(run => run.RunId)];

    /// <summary>The newest first.</summary>
    private static async Task<List<string>> DetailsAsync(TestLab lab) =>
        [.. from row in await lab.Get<Audit>().ListAsync(new(), cancellationToken: Token) select row.Entry.Detail];
}

public sealed class EmbeddedQueueControlTests() : QueueControlTests(TestLabs.Embedded);

public sealed class ScaledOutQueueControlTests(PostgresServer server) : QueueControlTests(new TestLabs(server));
