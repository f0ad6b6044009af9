using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Web.Runs;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Training;

public sealed class RunPageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private const string Started = """echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'""";

    [Fact]
    public async Task RunThatTrains_IsShownFromTheLineToItsEnd_WithoutAReload()
    {
        await using var lab = await PageLab.OpenAsync($$"""
            {{Started}}
            echo '{"step":1,"series":"train/loss","value":0.69}' >> metrics.jsonl
            echo '{"event":"metrics","points":[{"step":1,"series":"train/loss","value":0.69}]}'
            while [ ! -e go ]; do sleep 0.05; done
            echo '{"event":"metrics","points":[{"step":10,"series":"train/loss","value":0.5},{"step":10,"series":"validation/loss","value":0.301}]}'
            echo '{"event":"log","message":"Step 10: all well."}'
            echo '{"event":"progress","stage":"Training","done":10,"total":20,"imagesPerSecond":73,"secondsLeft":70}'
            while [ ! -e end ]; do sleep 0.05; done
            echo '{"event":"completed","step":20,"checkpointStep":10}'
            """);
        var run = await lab.LaunchAsync("Slower start");
        var folder = lab.Store.FolderOf(run).Path;

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        page.WaitForAssertion(() => Assert.Contains("Running", page.Find(".head").TextContent), s_patience);

        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "", TestContext.Current.CancellationToken);
        page.WaitForAssertion(() => Assert.Contains("0.301", page.Find(".key-figures").TextContent), s_patience);
        page.WaitForAssertion(() => Assert.Contains("70 s", page.Find(".key-figures").TextContent), s_patience);
        Assert.Contains("Step 10", page.Find("pre.log b").TextContent);
        var drawn = page.FindComponents<Chart>()[0].Instance.Spec.Series[0].X;
        var appended = from call in lab.JSInterop.Invocations["append"]
                       from delta in (IReadOnlyList<ChartDelta>)call.Arguments[0]!
                       where delta.Key == SeriesNames.TrainLoss
                       from step in delta.X
                       select step;
        Assert.Equal([1, 10], drawn.Concat(appended).Distinct());

        await File.WriteAllTextAsync(Path.Combine(folder, "end"), "", TestContext.Current.CancellationToken);
        page.WaitForAssertion(() => Assert.Contains("Completed", page.Find(".head").TextContent), s_patience);
        Assert.DoesNotContain("Cancel run", page.Markup);
    }

    [Fact]
    public async Task Sharing_IsOffByDefault_ShownOnThePage_AndUndoneWhileAClassmateReads()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync("To be shown");
        await lab.EndAsync(run, RunState.Canceled, null, new MetricPoint(5, SeriesNames.TrainLoss, 0.5));
        var own = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        own.WaitForAssertion(() => Assert.Contains("Nobody else can open this page", own.Markup), s_patience);
        var mate = await lab.JoinAsync("Jonas");
        lab.SignIn(mate);
        var before = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        before.WaitForAssertion(() => Assert.Contains($"Run {run.Id} was not found", before.Markup), s_patience);

        await own.FindAll("button").First(button => button.TextContent == "Share with my section").ClickAsync(new());
        own.WaitForAssertion(() => Assert.Contains("Shared with your section", own.Find(".head").TextContent), s_patience);

        var read = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        read.WaitForAssertion(() => Assert.Contains("Shared with the section", read.Find(".head").TextContent), s_patience);
        Assert.Contains("by Mira", read.Markup);
        foreach (var word in (string[])["Start it again", "Continue from", "Delete run", "Stop sharing", "Whole log"]) Assert.DoesNotContain(word, read.Markup);
        Assert.Contains("Delete run", own.Markup);

        await own.FindAll("button").First(button => button.TextContent == "Stop sharing").ClickAsync(new());
        read.WaitForAssertion(() => Assert.Contains($"Run {run.Id} was not found", read.Markup), s_patience);
        own.WaitForAssertion(() => Assert.DoesNotContain("Shared with your section", own.Markup), s_patience);
    }

    [Fact]
    public async Task RunWhoseProcessIsSilent_SaysSo_AndNoSpeed()
    {
        await using var lab = await PageLab.OpenAsync($"mkdir -p checkpoints/step-4\n{Started}\nkill -STOP $$", new SilenceLimit(TimeSpan.FromSeconds(4)));
        var run = await lab.LaunchAsync();

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));

        page.WaitForAssertion(() => Assert.Contains("Its process has not responded for ", page.Markup), s_patience);
        page.WaitForAssertion(() => Assert.Contains("the checkpoint of step 4 are kept", page.Markup, StringComparison.Ordinal), s_patience);
        Assert.Contains("–", page.Find(".key-figures").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstStepsOfALabsFirstRun_AreNoMeasureOfItsPace()
    {
        await using var lab = await PageLab.OpenAsync($$"""
            {{Started}}
            echo '{"event":"progress","stage":"Training","done":1,"total":20,"imagesPerSecond":0.01,"secondsLeft":null}'
            while [ ! -e go ]; do sleep 0.05; done
            while [ ! -e end ]; do echo '{"event":"progress","stage":"Training","done":3,"total":20,"imagesPerSecond":73,"secondsLeft":70}'; sleep 0.3; done
            """);
        var run = await lab.LaunchAsync();
        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        page.WaitForAssertion(() => Assert.Contains("Step 1 of 20", page.Markup), s_patience);
        var board = lab.Services.GetRequiredService<QueueBoard>();

        Assert.Null((await board.RefreshAsync(TestContext.Current.CancellationToken)).EstimateOf("lite", new(), "xray"));

        await File.WriteAllTextAsync(Path.Combine(lab.Store.FolderOf(run).Path, "go"), "", TestContext.Current.CancellationToken);
        page.WaitForAssertion(() => Assert.Contains("Step 3 of 20", page.Markup), s_patience);
        // The page hears of a step before the row has its speed, which is written twice a second at most.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while ((await board.RefreshAsync(patience.Token)).EstimateOf("lite", new(), "xray") is null) await Task.Delay(100, patience.Token);
    }

    [Theory]
    [InlineData("", 25)]
    [InlineData(""","free":0.5""", 50)]
    [InlineData(""","free":0.01""", 100)]     // a training gets a quarter at least
    public async Task SpeedMeasuredOnABusyHost_IsThatOfAFreeOne(string free, double speed)
    {
        await using var lab = await PageLab.OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(lab.Directory, "calibration.json"),
            $$"""{"host":"{{Environment.MachineName}}, {{Environment.ProcessorCount}} processors","liteImagesPerSecond":25{{free}}}""", TestContext.Current.CancellationToken);

        Assert.Equal(speed, lab.Services.GetRequiredService<HostCalibration>().Known!.ImagesPerSecond, 1e-9);
    }

    [Fact]
    public async Task PageOpenedLate_HasEveryPoint()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync();
        await lab.EndAsync(run, RunState.Completed, null, [.. from step in Enumerable.Range(1, 20) select new MetricPoint(step, SeriesNames.TrainLoss, 1.0 / step)]);

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));

        page.WaitForAssertion(() => Assert.Equal(20, page.FindComponents<Chart>()[0].Instance.Spec.Series[0].X.Count), s_patience);
        Assert.Contains("1 min 10 s", page.Find(".key-figures").TextContent);
    }

    [Fact]
    public async Task SomebodyElsesRun_LooksLikeOneThatIsNotThere()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync(by: await lab.JoinAsync("Jonas"));

        var others = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        var absent = lab.Render<RunPage>(p => p.Add(x => x.Id, 99));

        others.WaitForAssertion(() => Assert.Contains($"Run {run.Id} was not found", others.Markup), s_patience);
        absent.WaitForAssertion(() => Assert.Equal(others.Markup.Replace($"Run {run.Id}", "Run 99").Replace($"run {run.Id}", "run 99"), absent.Markup), s_patience);
    }

    [Fact]
    public async Task WaitingRun_SaysItsPlace()
    {
        await using var lab = await PageLab.OpenAsync();
        await lab.LaunchAsync(by: await lab.JoinAsync("Jonas"));
        var run = await lab.LaunchAsync();

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));

        page.WaitForAssertion(() => Assert.Contains("2nd in the queue.", page.Markup), s_patience);
    }

    [Fact]
    public async Task Cancel_AsksFirst_ThenTakesTheRunOutOfTheLine()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync();
        var dialogs = lab.Render<MudDialogProvider>();
        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        page.WaitForElement("button.danger", s_patience);

        page.Find("button.danger").Click();
        dialogs.WaitForAssertion(() => Assert.Contains($"Cancel run {run.Id}?", dialogs.Markup), s_patience);
        dialogs.Find("button.danger").Click();

        page.WaitForAssertion(() => Assert.Contains("Canceled", page.Find(".head").TextContent), s_patience);
    }

    [Theory]
    [InlineData(0.8, "Copy with rate 0.08")]
    [InlineData(0.00002, "Copy with rate 0.00001")]
    public async Task RunWhoseLossRanAway_OffersALowerRate(double rate, string button)
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync(hyperparameters: new() { Steps = 900, LearningRate = rate });
        await lab.EndAsync(run, RunState.Failed, "The loss became infinite at step 340. Lower the learning rate.", new MetricPoint(340, SeriesNames.TrainLoss, 9));

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));

        page.WaitForAssertion(() => Assert.Contains("Failed at step 340", page.Markup), s_patience);
        Assert.Contains("Lower the learning rate.", page.Markup);
        Assert.Equal(button, page.Find(".error a").TextContent);
    }

    [Fact]
    public async Task RunWhoseFolderWasRemoved_SaysOfNothingThatItIsKept()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync();
        await lab.EndAsync(run, RunState.Failed, "Its folder was removed.", new MetricPoint(15, SeriesNames.TrainLoss, 1));
        Directory.Delete(lab.Store.FolderOf(run).Path, recursive: true);

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));

        page.WaitForAssertion(() => Assert.Contains("Its folder was removed.", page.Markup), s_patience);
        Assert.DoesNotContain("kept", page.Find(".error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InterruptedRun_GoesOnFromItsCheckpoint()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync();
        await lab.EndAsync(run, RunState.Interrupted, "Its process was killed.", new MetricPoint(15, SeriesNames.TrainLoss, 1));
        Directory.CreateDirectory(lab.Store.FolderOf(run).CheckpointPath(10));

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        page.WaitForElement(".error button", s_patience);
        Assert.Equal("Continue from step 10", page.Find(".error button").TextContent);
        page.Find(".error button").Click();

        page.WaitForAssertion(() => Assert.Contains("1st in the queue.", page.Markup), s_patience);
    }

    [Fact]
    public async Task CanceledRun_IsEvaluatedAsItIs_OnceThatIsConfirmed()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync();
        await lab.EndAsync(run, RunState.Canceled, "Canceled.", new MetricPoint(15, SeriesNames.TrainLoss, 1));
        Directory.CreateDirectory(lab.Store.FolderOf(run).CheckpointPath(10));
        var dialogs = lab.Render<MudDialogProvider>();
        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        page.WaitForElement(".error button.outlined", s_patience);

        page.Find(".error button.outlined").Click();
        dialogs.WaitForAssertion(() => Assert.Contains($"Evaluate run {run.Id} as it is?", dialogs.Markup), s_patience);
        dialogs.Find("button.danger").Click();

        page.WaitForAssertion(() => Assert.Contains("It will not train any further; its best checkpoint will be evaluated.", page.Markup), s_patience);
    }

    [Fact]
    public async Task RunThatItsHostSpoilt_ShowsWhatBecameOfEachAttempt_WhileItsPageIsOpen()
    {
        await using var lab = await PageLab.OpenAsync($$"""
            {{Started}}
            if [ -e seen ]; then echo '{"event":"completed","step":20,"checkpointStep":20}'; exit 0; fi
            touch seen
            while [ ! -e go ]; do sleep 0.05; done
            echo '{"event":"failed","message":"The disk is full.","step":3,"isHostFault":true}'
            exit 1
            """);
        var run = await lab.LaunchAsync();
        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, run.Id));
        page.WaitForAssertion(() => Assert.Contains("Running", page.Find(".head").TextContent), s_patience);
        Assert.DoesNotContain("Attempt 1", page.Markup);

        await File.WriteAllTextAsync(Path.Combine(lab.Store.FolderOf(run).Path, "go"), "", TestContext.Current.CancellationToken);

        page.WaitForAssertion(() => Assert.Contains("Completed", page.Find(".head").TextContent), s_patience);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("aside ol li").Count), s_patience);
        Assert.Matches(@"(?s)Attempt 1.* step 0 to 3.*The disk is full\. Not counted\.", page.FindAll("aside ol li")[0].TextContent);
        Assert.Matches("(?s)Attempt 2.* step 0 to 20.*Complete", page.FindAll("aside ol li")[1].TextContent);
    }

    [Fact]
    public async Task CopiedRun_SaysWhatWasChanged()
    {
        await using var lab = await PageLab.OpenAsync();
        var source = await lab.LaunchAsync();
        var copy = await lab.LaunchAsync(hyperparameters: source.Hyperparameters with { LearningRate = 0.02 }, copiedFrom: source.Id);

        var page = lab.Render<RunPage>(p => p.Add(x => x.Id, copy.Id));

        page.WaitForAssertion(() => Assert.Equal("0.05", page.Find(".was").TextContent), s_patience);
    }
}
