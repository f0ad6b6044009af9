using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Tests.Agent;

/// <summary>Attempts that a program, a host or a portal ends: what is tried again, what is charged, and what the run says.</summary>
public abstract class AttemptFaultTests(TestLabs labs)
{
    private const string Started = """echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KilledProgram_IsTriedAgainByItself_AndTheTimeDoesNotCount()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            if [ -e checkpoints/step-4 ]; then echo '{"event":"completed","step":20,"checkpointStep":4}'; exit 0; fi
            mkdir -p checkpoints/step-4
            echo $$ > pid
            read line
            """);
        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);

        (await lab.ProcessOfAsync(run)).Kill();

        Assert.Equal(2, (await lab.WaitForAsync(run.Id, RunState.Completed)).Attempt);
        Assert.Equal([(true, false), (true, true)], await lab.UsesOfAsync(run));
    }

    [Fact]
    public async Task KilledTwice_HasFailed_AndResumes()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            if [ -e enough ]; then echo '{"event":"completed","step":20,"checkpointStep":4}'; exit 0; fi
            mkdir -p checkpoints/step-4
            kill -9 $$
            """);

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Failed);

        Assert.Equal("Its process was killed (signal 9) at step 0. It was tried twice, and the time does not count. Resume continues from step 4.", run.Message);
        Assert.Equal(2, run.Attempt);
        await File.WriteAllTextAsync(Path.Combine(lab.Store.FolderOf(run).Path, "enough"), "", Token);
        await lab.Launcher.ResumeAsync(run.Id, TestLab.Instructor, Token);
        Assert.Equal(3, (await lab.WaitForAsync(run.Id, RunState.Completed)).Attempt);
    }

    [Fact]
    public async Task FullDisk_IsTheHostsFault_AndTriedAgain()
    {
        await using var lab = await labs.TrainedByAsync(Started + """

            if [ -e seen ]; then echo '{"event":"completed","step":20,"checkpointStep":20}'; exit 0; fi
            touch seen
            echo '{"event":"failed","message":"No space left on device.","step":3,"isHostFault":true}'
            exit 1
            """);

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Completed);

        Assert.Null(run.Message);       // of the second attempt; what became of the first is kept
        Assert.Equal(
            [(0, 3, false, "No space left on device."), (0, 20, true, "Complete.")],
            (await lab.AttemptsOfAsync(run)).Select(attempt => (attempt.FromStep, attempt.Step, attempt.IsCharged, attempt.End)));
    }

    [Fact]
    public async Task ProgramThatGivesUp_IsQuoted()
    {
        await using var lab = await labs.TrainedByAsync("echo 'libtorch is missing' >&2; exit 3");

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Failed);

        Assert.Equal("Its process ended with code 3 at step 0: libtorch is missing. It was tried twice, and the time does not count. Resume starts it again.", run.Message);
    }

    [Fact]
    public async Task MissingProgram_FailsTheRunWithOneLine()
    {
        await using var lab = await labs.OpenAsync(startQueue: true);

        var run = await lab.WaitForAsync((await lab.LaunchAsync(TestLab.Instructor)).Id, RunState.Failed);

        Assert.Contains("The program that trains is missing", run.Message);
        Assert.Contains("no-such-program", run.Message);
    }

    [Fact]
    public async Task EndOfThePortal_PutsTheRunBack_AndTheNextStartGoesOn()
    {
        var program = await TestLab.ProgramAsync(Started + """

            if [ -e seen ]; then echo '{"event":"completed","step":20,"checkpointStep":20}'; exit 0; fi
            touch seen
            read line
            echo '{"event":"stopped","step":8}'
            """);
        var first = await labs.OpenAsync(program, Path.GetDirectoryName(program), startQueue: true);
        var run = await first.WaitForAsync((await first.LaunchAsync(TestLab.Instructor)).Id, RunState.Running);
        var waiting = await first.LaunchAsync(TestLab.Instructor);
        await first.StopAsync();
        Assert.Equal((RunState.Queued, 8), ((await first.FindAsync(run.Id)).State, (await first.FindAsync(run.Id)).Step));
        await first.LeaveAsync();

        await using var second = await labs.OpenAsync(program, first.Directory, startQueue: true);

        Assert.Equal(2, (await second.WaitForAsync(run.Id, RunState.Completed)).Attempt);
        await second.WaitForAsync(waiting.Id, RunState.Running);
    }
}

public sealed class EmbeddedAttemptFaultTests() : AttemptFaultTests(TestLabs.Embedded);

public sealed class ScaledOutAttemptFaultTests(PostgresServer server) : AttemptFaultTests(new TestLabs(server));
