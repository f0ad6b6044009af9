using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Agent;

/// <summary>Programs that hang, run out of memory, or lose their folder.</summary>
public abstract class RunFaultTests(TestLabs labs)
{
    private const string Started = """echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The kernel counts what it kills for want of memory; here a file does.</summary>
    [Fact]
    public async Task KilledForWantOfMemory_IsCalledByItsName_AndNotTriedAgain()
    {
        var kills = Path.GetTempFileName();
        await File.WriteAllTextAsync(kills, "oom_kill 3\n", Token);
        await using var lab = await labs.TrainedByAsync($$"""
            {{Started}}
            echo 'oom_kill 4' > {{kills}}
            kill -9 $$
            """, kills: new(kills));

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Failed);

        Assert.Matches(@"^Memory ran out at step 0, and the process was ended: a batch of 15 needs about 0\.\d GB, but only [\d.]+ GB were free\. A batch size of \d+ would fit\.$", run.Message);
        Assert.Equal(1, run.Attempt);
        Assert.Equal([(true, true)], await lab.UsesOfAsync(run));
        File.Delete(kills);
    }

    [Fact]
    public async Task CrashForWantOfMemory_IsCalledByItsName_AndNotTriedAgain()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            echo "terminate called after throwing an instance of 'std::bad_alloc'" >&2
            echo "  what():  std::bad_alloc" >&2
            kill -ABRT $$
            """);

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Failed);

        Assert.StartsWith("Memory ran out at step 0, and the process was ended", run.Message, StringComparison.Ordinal);
        Assert.Equal(1, run.Attempt);
    }

    [Fact]
    public async Task TrainingWithoutAGpu_IsToldHowMuchMemoryItMayTake()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            echo "$LAB_MEMORY_BYTES" > limit
            echo '{"event":"completed","step":20,"checkpointStep":20}'
            """);

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Completed);

        var host = (await lab.Line.ReadAsync(Token)).Hosts.Single(host => host.Name == run.Host);
        Assert.SkipWhen(host.Devices.Count > 0, "This machine has a GPU, whose own memory is the limit.");
        Assert.Equal($"{MemoryCapacity.Of(host, 0) + TrainingProcess.OwnBytes}", (await File.ReadAllTextAsync(Path.Combine(lab.Store.FolderOf(run).Path, "limit"), Token)).Trim());
    }

    [Fact]
    public async Task ProgramThatHangs_IsToldOnItsPage_Ended_AndTriedAgain_ButNotOneThatSaysThatItWorks()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            if [ -e seen ]; then
              i=0; while [ $i -lt 12 ]; do echo '{"event":"working"}'; sleep 0.5; i=$((i+1)); done
              echo '{"event":"completed","step":20,"checkpointStep":20}'; exit 0
            fi
            touch seen
            echo '{"event":"progress","stage":"Training","done":3,"total":20,"imagesPerSecond":500,"secondsLeft":9}'
            kill -STOP $$
            """, silence: new(TimeSpan.FromSeconds(2)));
        using var reader = lab.Feed.SubscribeAll(TestLab.Instructor);
        var telling = MessagesAsync(reader);

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Completed);

        var said = await telling;
        Assert.StartsWith("Its process has not responded for ", said[0], StringComparison.Ordinal);
        Assert.EndsWith("at step 3. If it does not respond within 2 seconds more, it is ended and the run is tried again.", said[0], StringComparison.Ordinal);
        Assert.Equal(
            [(3, false, "Its process hung at step 3: it did not respond for 4 seconds, so it was ended."), (20, true, "Complete.")],
            (await lab.AttemptsOfAsync(run)).Select(attempt => (attempt.Step, attempt.IsCharged, attempt.End)));
        Assert.Null(run.Message);
    }

    /// <returns>What a page says of a run while it goes on, up to its end.</returns>
    private static async Task<List<string>> MessagesAsync(RunSubscription reader)
    {
        List<string> said = [];
        await foreach (var update in reader.ReadAllAsync(Token))
        {
            if (update.Run.IsOver) break;
            if (update.Run is not { State: RunState.Running, Message: { } message }) continue;
            said.Add(message);
            Assert.Null(update.Run.SecondsLeft);
        }
        return said;
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData(30.0, 60)]
    [InlineData(0.5, 320)]      // a step of 32 seconds
    [InlineData(0.001, 1800)]
    public void SilenceLimit_GoesWithTheStepsOfARun_AndIsAMinuteAtLeast(double? imagesPerSecond, double seconds)
    {
        var run = new Run { Name = "", Dataset = "xray", Network = "lite", Hyperparameters = new() { BatchSize = 16 }, ImagesPerSecond = imagesPerSecond };

        Assert.Equal(seconds, SilenceLimit.Default.Of(run).TotalSeconds);
    }

    [Theory]
    [InlineData("""echo '{"event":"completed","step":20,"checkpointStep":20}'""")]
    [InlineData("""echo '{"event":"failed","message":"It could not be written.","step":3,"isHostFault":true}'; exit 1""")]
    [InlineData("exit 3")]
    public async Task FolderRemovedMeanwhile_IsAFailedRun_HoweverItsProcessEnds(string end)
    {
        await using var lab = await labs.TrainedByAsync($$"""
            {{Started}}
            folder=$PWD; cd /; rm -r "$folder"
            {{end}}
            """);

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Failed);

        Assert.StartsWith("The folder of this run was removed from the lab's data directory, at step ", run.Message, StringComparison.Ordinal);
        Assert.Equal(1, run.Attempt);
        Assert.False(Directory.Exists(lab.Store.FolderOf(run).Path));
    }

    [Fact]
    public async Task FolderRemovedWhileTheRunWaits_IsNotBegunAnewWithoutAWord()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            read line
            echo '{"event":"stopped","step":12}'
            """);
        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);
        await lab.Launcher.CancelAsync(run.Id, TestLab.Instructor, Token);
        await lab.WaitForAsync(run.Id, RunState.Canceled);
        Directory.Delete(lab.Store.FolderOf(run).Path, recursive: true);

        await lab.Launcher.ResumeAsync(run.Id, TestLab.Instructor, Token);

        Assert.StartsWith("The folder of this run was removed", (await lab.WaitForAsync(run.Id, RunState.Failed)).Message, StringComparison.Ordinal);
    }
}

public sealed class EmbeddedRunFaultTests() : RunFaultTests(TestLabs.Embedded);

public sealed class ScaledOutRunFaultTests(PostgresServer server) : RunFaultTests(new TestLabs(server));
