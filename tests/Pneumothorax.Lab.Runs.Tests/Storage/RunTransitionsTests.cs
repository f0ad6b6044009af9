using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Tests.Storage;

public abstract class RunTransitionsTests(TestLabs labs)
{
    private int _jobs;

    private string NextJob() => $"job {Interlocked.Increment(ref _jobs)}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claim_ManyAtOnce_OneWins()
    {
        await using var lab = await labs.OpenAsync();
        var run = await lab.LaunchAsync(TestLab.Instructor);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => lab.Transitions.TryClaimAsync(NextJob(), Token), Token)));

        var winner = Assert.Single(claims, claim => claim is not null)!.Run;
        Assert.Equal((RunState.Starting, 1), (winner.State, winner.Attempt));
    }

    [Fact]
    public async Task Write_OfAnAttemptThatWasGivenUp_ChangesNothing()
    {
        await using var lab = await labs.OpenAsync();
        var run = await lab.LaunchAsync(TestLab.Instructor);
        var first = (await lab.Transitions.TryClaimAsync(NextJob(), Token))!.Run;
        // The queue hands out the job of a lost host a second time.
        var (second, isTakenOver) = (await lab.Transitions.TryClaimAsync("job 1", Token))!;
        Assert.True(isTakenOver);
        second.Step = 7;
        await lab.Transitions.WriteProgressAsync(second, Token);

        first.Step = 99;
        Assert.False(await lab.Transitions.TryStartAsync(first, Token));
        Assert.False(await lab.Transitions.WriteProgressAsync(first, Token));
        await lab.Transitions.EndAsync(first, RunState.Failed, "late", Token);

        var now = await lab.FindAsync(run.Id);
        Assert.Equal((RunState.Starting, 2, 7, null), (now.State, now.Attempt, now.Step, now.Message));
    }

    [Fact]
    public async Task Claim_WhileTheStudentsOtherRunGoesOn_IsRefusedUntilThatIsOver()
    {
        await using var lab = await labs.OpenAsync();
        var ada = await lab.AddStudentAsync("Ada");
        var (first, second) = (await lab.LaunchAsync(ada), await lab.LaunchAsync(ada));
        var running = (await lab.Transitions.TryClaimAsync(NextJob(), Token))!.Run;

        Assert.Null(await lab.Transitions.TryClaimAsync(NextJob(), Token));
        await lab.Transitions.EndAsync(running, RunState.Completed, null, Token);

        Assert.True(await lab.Transitions.IsWaitingAsync(ada.MemberId!.Value, Token));
        Assert.NotNull(await lab.Transitions.TryClaimAsync(NextJob(), Token));
    }

    [Fact]
    public async Task Recover_AfterACrash_PutsRunsBackInOrderAndEndsWhatWasStopping()
    {
        await using var lab = await labs.OpenAsync();
        var runs = new List<Run>();
        for (var i = 0; i < 4; i++) runs.Add(await lab.LaunchAsync(TestLab.Instructor));
        await lab.Transitions.TryClaimAsync(NextJob(), Token);
        await lab.Transitions.TryStartAsync((await lab.Transitions.TryClaimAsync(NextJob(), Token))!.Run, Token);
        await lab.Transitions.TryClaimAsync(NextJob(), Token);
        await lab.Transitions.TryStopAsync(runs[2].Id, Token);

        var line = await lab.Transitions.RecoverAsync(Token);

        Assert.Equal([runs[0].Id, runs[1].Id, runs[3].Id], line);
        Assert.Equal(RunState.Canceled, (await lab.FindAsync(runs[2].Id)).State);
        Assert.Equal(2, await lab.Store.PlaceInLineAsync(runs[1], Token));
        Assert.Null(await lab.Store.PlaceInLineAsync(runs[2], Token));
    }
}

public sealed class EmbeddedRunTransitionsTests() : RunTransitionsTests(TestLabs.Embedded);

public sealed class ScaledOutRunTransitionsTests(PostgresServer server) : RunTransitionsTests(new TestLabs(server));
