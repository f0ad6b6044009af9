using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

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

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => lab.Transitions.TryClaimAsync(NextJob(), 0, Token), Token)));

        var winner = Assert.Single(claims, claim => claim is not null)!.Run;
        Assert.Equal((RunState.Starting, 1), (winner.State, winner.Attempt));
    }

    [Fact]
    public async Task Write_OfAnAttemptThatWasGivenUp_ChangesNothing()
    {
        await using var lab = await labs.OpenAsync();
        var run = await lab.LaunchAsync(TestLab.Instructor);
        var first = (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run;
        // The queue hands out the job of a lost host a second time.
        var (second, isTakenOver) = (await lab.Transitions.TryClaimAsync("job 1", 0, Token))!;
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
        var running = (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run;

        Assert.Null(await lab.Transitions.TryClaimAsync(NextJob(), 0, Token));
        await lab.Transitions.EndAsync(running, RunState.Completed, null, Token);

        Assert.True(await lab.Transitions.IsWaitingAsync(ada.MemberId!.Value, Token));
        Assert.NotNull(await lab.Transitions.TryClaimAsync(NextJob(), 0, Token));
    }

    [Fact]
    public async Task HostLost_IsNotCharged_AndItsRunIsTakenOverOnce()
    {
        await using var lab = await labs.OpenAsync();
        var run = await lab.LaunchAsync(TestLab.Instructor);
        await lab.Transitions.TryClaimAsync("job 1", 0, Token);

        // The queue hands the job of a lost host out again, and again when that one is lost too.
        Assert.Equal(2, (await lab.Transitions.TryClaimAsync("job 1", 0, Token))!.Run.Attempt);
        Assert.Null(await lab.Transitions.TryClaimAsync("job 1", 0, Token));

        run = await lab.FindAsync(run.Id);
        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("was lost at step 0. It was tried twice", run.Message, StringComparison.Ordinal);
        Assert.Equal([(true, false), (true, false)], await lab.UsesOfAsync(run));
        Assert.All(await lab.AttemptsOfAsync(run), attempt => Assert.Matches("^The connection to its host .+ was lost at step 0\\.$", attempt.End));
        Assert.Equal(0, (await lab.Line.ReadAsync(Token)).ShareOf(null).UsedSeconds);
        await lab.Launcher.ResumeAsync(run.Id, TestLab.Instructor, Token);
        Assert.Equal(3, (await lab.Transitions.TryClaimAsync("job 2", 0, Token))!.Run.Attempt);
    }

    [Fact]
    public async Task HostLost_IsToldByItsHeartbeat_ThoughItsSuccessorTakesAnotherRunFirst()
    {
        await using var lab = await labs.OpenAsync();
        var (lost, other) = (await lab.LaunchAsync(TestLab.Instructor), await lab.LaunchAsync(TestLab.Instructor));
        var first = (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run;
        first.Step = 7;
        await lab.Transitions.WriteProgressAsync(first, Token);
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        await db.Runs.Where(run => run.Id == lost.Id).ExecuteUpdateAsync(set => set.SetProperty(run => run.SeenAt, DateTimeOffset.UtcNow.AddMinutes(-1)), Token);
        await lab.Transitions.TryClaimAsync(NextJob(), 0, Token);       // by the worker that was started anew

        var returned = Assert.Single(await lab.Transitions.ReturnLostAsync(RunQueue.LostAfter, Token));

        Assert.Equal((lost.Id, RunState.Queued), (returned.Id, returned.State));
        Assert.Equal($"The connection to its host {first.Host} was lost at step 7. The run continues as soon as a slot is free, and the time does not count.", returned.Message);
        Assert.Equal([(true, false)], await lab.UsesOfAsync(lost));
        Assert.Equal(RunState.Starting, (await lab.FindAsync(other.Id)).State);
        Assert.False(await lab.Transitions.WriteProgressAsync(first, Token));       // should it be alive after all
        Assert.Empty(await lab.Transitions.ReturnLostAsync(RunQueue.LostAfter, Token));
        var again = (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!;
        Assert.Equal((lost.Id, 2, true), (again.Run.Id, again.Run.Attempt, again.IsTakenOver));
    }

    /// <summary>By what the waits add up to: a host that cannot reach the database has ended its process before others may take the run, and pages tell within half a minute.</summary>
    [Fact]
    public void HostLost_IsTold_AfterItGaveUp_AndWithinHalfAMinute()
    {
        Assert.True(AttemptWatch.GiveUpAfter + AttemptWatch.BetweenLooks + AttemptWatch.Patience + TrainingProcess.Patience < RunQueue.LostAfter);
        Assert.True(RunQueue.LostAfter + RunQueue.BetweenLooks < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task HostLost_WhileItsRunWasBeingCanceled_EndsTheAttemptToo()
    {
        await using var lab = await labs.OpenAsync();
        var run = await lab.LaunchAsync(TestLab.Instructor);
        await lab.Transitions.TryClaimAsync("job 1", 0, Token);
        await lab.Transitions.TryStopAsync(run.Id, Token);

        Assert.Null(await lab.Transitions.TryClaimAsync("job 1", 0, Token));

        Assert.Equal(RunState.Canceled, (await lab.FindAsync(run.Id)).State);
        Assert.Equal([(true, false)], await lab.UsesOfAsync(run));
    }

    [Fact]
    public async Task RunThatThisHostSpoilt_IsLeftToAnotherOne_ForAWhile()
    {
        await using var lab = await labs.OpenAsync();
        var (ada, bo) = (await lab.AddStudentAsync("Ada"), await lab.AddStudentAsync("Bo"));
        var (failedHere, next, others) = (await lab.LaunchAsync(ada), await lab.LaunchAsync(ada), await lab.LaunchAsync(bo));
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        var now = DateTimeOffset.UtcNow;
        db.Hosts.Add(new() { Name = "another host", Process = "p", Kind = ThisHost.Worker, Version = "1", Slots = 1, StartedAt = now, SeenAt = now });
        await db.SaveChangesAsync(Token);
        var attempt = (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run;
        Assert.Equal(failedHere.Id, attempt.Id);
        await lab.Transitions.EndInfrastructureFailureAsync(attempt, new("The disk is full.", "again", "over"), Token);

        // Somebody else's run is taken; neither the one that failed, nor its owner's next before it.
        Assert.Equal(others.Id, (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run.Id);
        Assert.Null(await lab.Transitions.TryClaimAsync(NextJob(), 0, Token));
        Assert.True(await lab.Transitions.LeavesToOthersAsync(Token));

        // Nobody has taken it in a while.
        await db.RunAttempts.Where(use => use.RunId == failedHere.Id).ExecuteUpdateAsync(set => set.SetProperty(use => use.EndedAt, now.AddSeconds(-20)), Token);
        Assert.False(await lab.Transitions.LeavesToOthersAsync(Token));
        Assert.Equal(failedHere.Id, (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run.Id);
        Assert.Equal(RunState.Queued, (await lab.FindAsync(next.Id)).State);
    }

    [Fact]
    public async Task RunThatThisHostSpoilt_AndNoOtherHostIsUp_IsTakenAgainAtOnce()
    {
        await using var lab = await labs.OpenAsync();
        var run = await lab.LaunchAsync(TestLab.Instructor);
        var attempt = (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run;
        await lab.Transitions.EndInfrastructureFailureAsync(attempt, new("The disk is full.", "again", "over"), Token);

        Assert.Equal((run.Id, 2), (await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run is var again ? (again.Id, again.Attempt) : default);
    }

    [Fact]
    public async Task HostLost_WhileTheQueueIsPaused_PutsItsRunBackIntoTheLine()
    {
        await using var lab = await labs.OpenAsync();
        var run = await lab.LaunchAsync(TestLab.Instructor);
        await lab.Transitions.TryClaimAsync("job 1", 0, Token);
        await lab.Control.PauseAsync(null, TestLab.Instructor, Token);

        Assert.Null(await lab.Transitions.TryClaimAsync("job 1", 0, Token));

        Assert.Equal((RunState.Queued, 1), ((await lab.FindAsync(run.Id)).State, await lab.PlaceOfAsync(run)));
        Assert.True(await lab.Transitions.IsClosedAsync(Token));
    }

    [Fact]
    public async Task Recover_AfterACrash_PutsRunsBackInOrderAndEndsWhatWasStopping()
    {
        await using var lab = await labs.OpenAsync();
        var runs = new List<Run>();
        for (var i = 0; i < 4; i++) runs.Add(await lab.LaunchAsync(TestLab.Instructor));
        await lab.Transitions.TryClaimAsync(NextJob(), 0, Token);
        await lab.Transitions.TryStartAsync((await lab.Transitions.TryClaimAsync(NextJob(), 0, Token))!.Run, Token);
        await lab.Transitions.TryClaimAsync(NextJob(), 0, Token);
        await lab.Transitions.TryStopAsync(runs[2].Id, Token);

        var line = await lab.Transitions.RecoverAsync(Token);

        Assert.Equal([runs[0].Id, runs[1].Id, runs[3].Id], line);
        Assert.Equal(RunState.Canceled, (await lab.FindAsync(runs[2].Id)).State);
        Assert.Equal(2, await lab.PlaceOfAsync(runs[1]));
        Assert.Null(await lab.PlaceOfAsync(runs[2]));
    }
}

public sealed class EmbeddedRunTransitionsTests() : RunTransitionsTests(TestLabs.Embedded);

public sealed class ScaledOutRunTransitionsTests(PostgresServer server) : RunTransitionsTests(new TestLabs(server));
