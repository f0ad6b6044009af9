using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests;

public abstract class RunLauncherTests(TestLabs labs)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Launch_WithoutAName_IsNamedAfterItsNumber()
    {
        await using var lab = await labs.OpenAsync();

        Assert.Equal("Run 1", (await lab.LaunchAsync(TestLab.Instructor, "  ")).Name);
        Assert.Equal("Slower start", (await lab.LaunchAsync(TestLab.Instructor, " Slower start ")).Name);
        Assert.Equal("Slower start", (await lab.LaunchAsync(TestLab.Instructor, "Slow\u200Ber  start\u202E")).Name);
        Assert.Equal("Run 4", (await lab.LaunchAsync(TestLab.Instructor, "\u200B\u3164")).Name);
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.LaunchAsync(TestLab.Instructor, new string('x', 81)));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.LaunchAsync(TestLab.Instructor, "two\nlines"));
    }

    [Fact]
    public async Task Launch_WithSeveralMistakes_NamesThemAll()
    {
        await using var lab = await labs.OpenAsync();
        var request = new RunRequest("", "no-such-set", "huge", new() { BatchSize = 0, LearningRate = double.NaN });

        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.LaunchAsync(request, TestLab.Instructor, Token));

        foreach (var part in (string[])["Batch size must be from 1 to 128, not 0.", "Learning rate", "\"huge\"", "\"no-such-set\""])
        {
            Assert.Contains(part, refusal.Message);
        }
        Assert.Empty(await lab.Store.ListAsync(TestLab.Instructor, Token));
    }

    [Fact]
    public async Task Launch_InEpochs_IsStoredInSteps_AndRefusedWhereTheyAreTooMany()
    {
        await using var lab = await labs.OpenAsync();       // 100 images to train on

        var run = await lab.Launcher.LaunchAsync(new("", "xray", "lite", new() { Epochs = 3, BatchSize = 15 }), TestLab.Instructor, Token);
        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(
            () => lab.Launcher.LaunchAsync(new("", "xray", "lite", new() { Epochs = 1001 }), TestLab.Instructor, Token));

        Assert.Equal((20, null), (run.Hyperparameters.Steps, run.Hyperparameters.Epochs));
        Assert.Contains("Epochs must be from 1 to 1000", refusal.Message);
    }

    [Fact]
    public async Task Launch_ManyAtOnce_LetsThreeOfAStudentIntoTheLine()
    {
        await using var lab = await labs.OpenAsync();
        var ada = await lab.AddStudentAsync("Ada");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => Task.Run(async () =>
        {
            try { return await lab.LaunchAsync(ada); }
            catch (RequestRefusedException refusal) when (refusal.MayPassLater) { return null; }
        }, Token)));

        Assert.Equal(3, outcomes.Count(run => run is not null));
        Assert.Equal(3, (await lab.Store.ListAsync(ada, Token)).Count);
        for (var i = 0; i < 5; i++) await lab.LaunchAsync(TestLab.Instructor);      // the instructor has no such limit
    }

    [Fact]
    public async Task Launch_TheSameRequestManyTimesAtOnce_LaunchesOneRun()
    {
        await using var lab = await labs.OpenAsync();
        var (ada, bo) = (await lab.AddStudentAsync("Ada"), await lab.AddStudentAsync("Bo"));
        var request = new RunRequest("", "xray", "lite", new() { Epochs = 3 }) { IdempotencyKey = "a-click" };

        foreach (var viewer in (Viewer[])[ada, TestLab.Instructor])
        {
            var runs = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => Task.Run(() => lab.Launcher.LaunchAsync(request, viewer, Token), Token)));
            Assert.Single(runs.Select(run => run.Id).Distinct());
        }

        Assert.Single(await lab.Store.ListAsync(ada, Token));
        Assert.Equal(2, (await lab.Store.ListAsync(TestLab.Instructor, Token)).Count);
        // A key is its owner's.
        Assert.Equal(3, (await lab.Launcher.LaunchAsync(request, bo, Token)).Id);
        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(
            () => lab.Launcher.LaunchAsync(request with { Settings = request.Settings with { Hyperparameters = new() { Epochs = 4 } } }, ada, Token));
        Assert.Contains("This idempotency key was used for run", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\u0000b")]
    [InlineData("Schl\u00fcssel")]
    public async Task Launch_WithAKeyThatIsNone_IsRefused(string key)
    {
        await using var lab = await labs.OpenAsync();
        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(
            () => lab.Launcher.LaunchAsync(new("", "xray", "lite", new()) { IdempotencyKey = key }, TestLab.Instructor, Token));
        Assert.Contains("1 to 100 printable ASCII characters", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Launch_CopiedFromARunOfSomebodyElse_IsRefusedAsUnknown()
    {
        await using var lab = await labs.OpenAsync();
        var (ada, bo) = (await lab.AddStudentAsync("Ada"), await lab.AddStudentAsync("Bo"));
        var run = await lab.LaunchAsync(ada);

        await Assert.ThrowsAsync<RunNotFoundException>(
            () => lab.Launcher.LaunchAsync(TestLab.Request() with { CopiedFromId = run.Id }, bo, Token));
        var copy = await lab.Launcher.LaunchAsync(TestLab.Request() with { CopiedFromId = run.Id }, ada, Token);
        Assert.Equal(run.Id, copy.CopiedFromId);
    }

    [Fact]
    public async Task CancelResumeDelete_OfAWaitingRun_FollowItsState()
    {
        await using var lab = await labs.OpenAsync();
        var ada = await lab.AddStudentAsync("Ada");
        var (first, second) = (await lab.LaunchAsync(ada), await lab.LaunchAsync(ada));
        lab.Store.FolderOf(first).WriteSpec(new() { Name = "x", Dataset = "xray", Network = "lite" });

        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.DeleteAsync(first.Id, ada, Token));
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.ResumeAsync(first.Id, ada, Token));
        await lab.Launcher.CancelAsync(first.Id, ada, Token);
        Assert.Equal(RunState.Canceled, (await lab.FindAsync(first.Id)).State);
        await Assert.ThrowsAsync<RequestRefusedException>(() => lab.Launcher.CancelAsync(first.Id, ada, Token));

        await lab.Launcher.ResumeAsync(first.Id, ada, Token);
        Assert.Equal((1, 2), (await lab.PlaceOfAsync(second), await lab.PlaceOfAsync(first)));

        await lab.Launcher.CancelAsync(first.Id, ada, Token);
        await lab.Launcher.DeleteAsync(first.Id, ada, Token);
        Assert.Null(await lab.Store.FindAsync(first.Id, ada, Token));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(lab.Directory, "runs")));
        Assert.NotEqual(first.Id, (await lab.LaunchAsync(ada)).Id);        // numbers are never used twice
    }
}

public sealed class EmbeddedRunLauncherTests() : RunLauncherTests(TestLabs.Embedded);

public sealed class ScaledOutRunLauncherTests(PostgresServer server) : RunLauncherTests(new TestLabs(server));
