using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;

namespace Pneumothorax.Lab.Runs.Tests.Agent;

/// <summary>The agent against programs that speak its protocol. The trainer itself is tested through the portal.</summary>
public abstract class RunAgentTests(TestLabs labs)
{
    private const string Started = """echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_OfACompletedRun_ReachRowFeedAndLog()
    {
        await using var lab = await labs.TrainedByAsync($$"""
            {{Started}}
            echo "a library that talks"
            echo "a warning" >&2
            echo "[W1124 10:30:12.271 NNPACK.cpp:57] Could not initialize NNPACK! Reason: Unsupported hardware." >&2
            echo '{"step":1,"series":"train/loss","value":0.69}' >> metrics.jsonl
            echo '{"event":"metrics","points":[{"step":1,"series":"train/loss","value":0.69}]}'
            echo '{"event":"progress","stage":"Training","done":20,"total":20,"imagesPerSecond":12.5,"secondsLeft":0}'
            echo '{"event":"checkpoint","step":10,"bytes":5,"isBest":true}'
            echo '{"event":"completed","step":20,"checkpointStep":10}'
            """);
        using var reader = lab.Feed.SubscribeAll(TestLab.Instructor);

        var launched = await lab.LaunchAsync(TestLab.Instructor);
        var run = await lab.WaitForAsync(launched.Id, RunState.Completed);

        Assert.Equal((20, 10, 12.5), (run.Step, run.BestStep, run.ImagesPerSecond));
        Assert.NotNull(run.StartedAt);
        Assert.NotNull(run.EndedAt);
        var folder = lab.Store.FolderOf(run);
        Assert.Equal(20, folder.ReadSpec().Hyperparameters.Steps);
        Assert.Equal(["a library that talks", "a warning"], (await File.ReadAllLinesAsync(folder.LogPath, Token)).Order());
        List<MetricPoint> points = [];
        await foreach (var update in reader.ReadAllAsync(Token))
        {
            points.AddRange(update.Points);
            if (update.Run.State == RunState.Completed) break;
        }
        Assert.Equal([new MetricPoint(1, "train/loss", 0.69)], points);
    }

    [Fact]
    public async Task LogOnAFullDisk_LetsTheRunSayWhatItHasToSay()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a file that is always full.");
        await using var lab = await labs.TrainedByAsync($$"""
            {{Started}}
            i=0; while [ $i -lt 3000 ]; do echo "a line of the log, of which a pipe holds not very many"; i=$((i+1)); done
            echo '{"event":"failed","message":"No space left on device.","step":3}'
            exit 1
            """);
        var folder = Directory.CreateDirectory(Path.Combine(lab.Directory, "runs", "1")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "log.txt"), "/dev/full");

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Failed);

        Assert.Equal((1, "No space left on device."), (run.Id, run.Message));
    }

    [Fact]
    public async Task FolderOfARunOfAnotherDatabase_IsKeptAside_AndNotGoneOnWith()
    {
        await using var lab = await labs.TrainedByAsync($$"""
            {{Started}}
            test -d checkpoints && echo '{"event":"failed","message":"It went on from a stranger.","step":0}' && exit 1
            echo '{"event":"completed","step":20,"checkpointStep":10}'
            """);
        var stranger = new RunFolder(Path.Combine(lab.Directory, "runs", "1"));
        stranger.WriteSpec(new() { Name = "of another database", Dataset = "phantom", Network = "lite", Hyperparameters = new() });
        Directory.CreateDirectory(stranger.CheckpointPath(20));

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Completed);

        Assert.Equal((1, run.Name), (run.Id, lab.Store.FolderOf(run).ReadSpec().Name));
        var aside = new RunFolder(Assert.Single(Directory.GetDirectories(Path.Combine(lab.Directory, "runs"), "1-of-another-database-*")));
        Assert.Equal(("of another database", 20), (aside.ReadSpec().Name, Assert.Single(aside.CheckpointSteps())));
    }

    [Fact]
    public async Task FailedEvent_BecomesTheRunsMessage()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            echo '{"event":"failed","message":"The loss became infinite at step 3.","step":3}'
            exit 1
            """);

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Failed);

        Assert.Equal(("The loss became infinite at step 3.", 3, 1), (run.Message, run.Step, run.Attempt));
        Assert.Equal([(true, true)], await lab.UsesOfAsync(run));       // that was the learning rate, not the host
    }

    [Fact]
    public async Task Cancel_OfAProgramThatDoesNotListen_KillsItAndItsChildren()
    {
        await using var lab = await labs.TrainedByAsync(Started + "\necho $$ > pid\ntrap '' TERM INT\nwhile :; do sleep 0.1; done");
        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);
        var process = await lab.ProcessOfAsync(run);

        await lab.Launcher.CancelAsync(run.Id, TestLab.Instructor, Token);
        Assert.Equal(RunState.Stopping, (await lab.FindAsync(run.Id)).State);
        await process.WaitForExitAsync(Token);

        Assert.Equal("Canceled before its first checkpoint.", (await lab.WaitForAsync(run.Id, RunState.Canceled)).Message);
    }

    /// <summary>Not by the clock of a busy machine, but by what the waits add up to: another host is asked at its next look at the latest.</summary>
    [Fact]
    public void Cancel_OnWhateverHost_IsGrantedWithinFiveSeconds() =>
        Assert.True(AttemptWatch.BetweenLooks + TrainingProcess.Patience < TimeSpan.FromSeconds(5));

    [Fact]
    public async Task Cancel_OfAProgramThatListens_KeepsItsSteps()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            read line
            mkdir -p checkpoints/step-12
            echo '{"event":"stopped","step":12}'
            """);
        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);

        await lab.Launcher.CancelAsync(run.Id, TestLab.Instructor, Token);

        run = await lab.WaitForAsync(run.Id, RunState.Canceled);
        Assert.Equal(("Canceled. Its 12 steps are kept.", 12), (run.Message, run.Step));
    }

    [Fact]
    public async Task TimeLimit_EndsTheRunWithItsCheckpoint_UnlessTheInstructorGivesMore()
    {
        // Its minutes are seconds.
        await using var lab = await labs.TrainedByAsync(Started + """

            if [ -e checkpoints/step-7 ]; then echo '{"event":"completed","step":20,"checkpointStep":20}'; exit 0; fi
            read line
            sleep 3
            mkdir -p checkpoints/step-7
            echo '{"event":"stopped","step":7}'
            """, clock: new HurriedClock(), silence: new(TimeSpan.FromHours(1)));
        await lab.Control.PauseAsync(null, TestLab.Instructor, Token);
        var run = await lab.LaunchAsync(await lab.AddStudentAsync("Ada"));
        await lab.Control.AllowAsync(run.Id, 2, TestLab.Instructor, Token);
        await lab.Control.GoOnAsync(TestLab.Instructor, Token);

        run = await lab.WaitForAsync(run.Id, RunState.Interrupted);

        Assert.Equal(
            ("It reached its time limit of 2 minutes. Its checkpoint of step 7 is kept: continue from there, or start a copy with fewer steps.", 7, 1),
            (run.Message, run.Step, run.Attempt));
        Assert.Equal([(true, true)], await lab.UsesOfAsync(run));
        await lab.Control.AllowAsync(run.Id, 0, TestLab.Instructor, Token);
        await lab.Launcher.ResumeAsync(run.Id, TestLab.Instructor, Token);
        await lab.WaitForAsync(run.Id, RunState.Completed);
    }

    [Fact]
    public async Task EvaluateWhatThereIs_StartsAnEvaluationInPlaceOfATraining_AndTheRunIsComplete()
    {
        await using var lab = await labs.TrainedByAsync("""
            if [ "$1" = evaluate ]; then
              echo '{"event":"started","fromStep":12,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
              echo '{"event":"completed","step":12,"checkpointStep":10}'
              exit 0
            fi
            echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
            read line
            mkdir -p checkpoints/step-10
            echo '{"event":"stopped","step":12}'
            """);
        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.EvaluateAsync(run.Id, TestLab.Instructor, Token));       // it goes on
        await lab.Launcher.CancelAsync(run.Id, TestLab.Instructor, Token);
        await lab.WaitForAsync(run.Id, RunState.Canceled);

        await lab.Launcher.EvaluateAsync(run.Id, TestLab.Instructor, Token);

        run = await lab.WaitForAsync(run.Id, RunState.Completed);
        Assert.Equal((12, 10, 2), (run.Step, run.BestStep, run.Attempt));
    }

    [Fact]
    public async Task EvaluateWhatThereIs_OfARunWithoutACheckpoint_IsRefused()
    {
        await using var lab = await labs.OpenAsync();
        var run = await lab.LaunchAsync(TestLab.Instructor);
        await lab.Launcher.CancelAsync(run.Id, TestLab.Instructor, Token);

        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.EvaluateAsync(run.Id, TestLab.Instructor, Token));

        Assert.Contains("has no checkpoint", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(RunState.Canceled, (await lab.FindAsync(run.Id)).State);
    }

    [Fact]
    public async Task Log_OfAProgramGoneWild_IsCapped()
    {
        await using var lab = await labs.TrainedByAsync("""yes "a line that says nothing new" | head -c 8000000 >&2; echo '{"event":"completed","step":20,"checkpointStep":20}'""");

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Completed);

        var log = new FileInfo(lab.Store.FolderOf(run).LogPath);
        Assert.InRange(log.Length, 4_900_000, 5_300_000);
        Assert.EndsWith("later lines are left out.", (await File.ReadAllLinesAsync(log.FullName, Token))[^1]);
    }
}

/// <summary>Sixty times as fast, as far as spans of time are measured; delays are as ever.</summary>
internal sealed class HurriedClock : TimeProvider
{
    public override long GetTimestamp() => 60 * base.GetTimestamp();
}

public sealed class EmbeddedRunAgentTests() : RunAgentTests(TestLabs.Embedded);

public sealed class ScaledOutRunAgentTests(PostgresServer server) : RunAgentTests(new TestLabs(server));
