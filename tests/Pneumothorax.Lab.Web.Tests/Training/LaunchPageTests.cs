using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Launch;
using Pneumothorax.Lab.Web.Launch;
using Pneumothorax.Lab.Web.Shared.Controls;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Training;

public sealed class LaunchPageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static IRenderedComponent<LaunchPage> Open(PageLab lab, string query = "")
    {
        lab.Services.GetRequiredService<NavigationManager>().NavigateTo($"/runs/new{query}");
        var page = lab.Render<LaunchPage>();
        page.WaitForElement("form", s_patience);
        return page;
    }

    [Fact]
    public async Task Start_LaunchesWhatTheFormShows_AndOpensTheRun()
    {
        await using var lab = await PageLab.OpenAsync();
        DrawnPhantoms.CopyTo(lab.Services.GetRequiredService<DatasetStore>().Directory, "phantom");
        var page = Open(lab, "?preset=quick");

        page.Find("input[aria-label='Batch size'].dial-number").Change("8");
        page.Find("#run-name").Input("Small batches");
        page.WaitForAssertion(() => Assert.Contains("One setting differs", page.Markup), s_patience);
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.EndsWith("/runs/1", lab.Services.GetRequiredService<NavigationManager>().Uri), s_patience);
        var run = await lab.Store.FindAsync(1, lab.Student, TestContext.Current.CancellationToken);
        Assert.Equal(("Small batches", "phantom", "lite", Preset.Quick.Hyperparameters with { BatchSize = 8 }), (run!.Name, run.Dataset, run.Network, run.Hyperparameters));
    }

    [Fact]
    public async Task Start_ClickedTwice_LaunchesOneRun()
    {
        await using var lab = await PageLab.OpenAsync();
        DrawnPhantoms.CopyTo(lab.Services.GetRequiredService<DatasetStore>().Directory, "phantom");
        var page = Open(lab, "?preset=quick");

        var first = page.Find("form").SubmitAsync();
        await page.Find("form").SubmitAsync();
        await first;

        page.WaitForAssertion(() => Assert.EndsWith("/runs/1", lab.Services.GetRequiredService<NavigationManager>().Uri), s_patience);
        await page.Find("form").SubmitAsync();
        Assert.Single(await lab.Store.ListAsync(lab.Student, TestContext.Current.CancellationToken), run => !run.IsReference);
    }

    [Fact]
    public async Task BoxThatCannotBeRead_KeepsFromStarting_AndGoesWithThePreset()
    {
        await using var lab = await PageLab.OpenAsync();
        DrawnPhantoms.CopyTo(lab.Services.GetRequiredService<DatasetStore>().Directory, "phantom");
        var page = Open(lab, "?preset=quick");

        page.Find("input[aria-label='Batch size'].dial-number").Change("many");
        page.WaitForAssertion(() => Assert.Equal("Batch size is a whole number from 1 to 128.", page.Find(".go .problem").TextContent), s_patience);
        Assert.True(page.Find("button[type=submit]").HasAttribute("disabled"));

        page.FindAll("input[name=start]")[1].Change("on");
        page.WaitForAssertion(() => Assert.False(page.Find("button[type=submit]").HasAttribute("disabled")), s_patience);
        Assert.Empty(page.FindAll("[aria-invalid=true]"));
        Assert.Equal("15", page.Find("input[aria-label='Batch size'].dial-number").GetAttribute("value"));
    }

    [Fact]
    public async Task SettingWhoseBoxCannotBeRead_TakenOffTheForm_NoLongerKeepsFromStarting()
    {
        await using var lab = await PageLab.OpenAsync();
        DrawnPhantoms.CopyTo(lab.Services.GetRequiredService<DatasetStore>().Directory, "phantom");
        var page = Open(lab, "?preset=notebook");

        page.Find("input[aria-label=Momentum].dial-number").Change("x");
        page.WaitForAssertion(() => Assert.True(page.Find("button[type=submit]").HasAttribute("disabled")), s_patience);
        page.Find("select:has(option[value=adam])").Change("adam");

        page.WaitForAssertion(() => Assert.False(page.Find("button[type=submit]").HasAttribute("disabled")), s_patience);
    }

    [Theory]
    [InlineData("0,003", 0.003)]
    [InlineData("0.08", 0.08)]
    public async Task RateInTheAddress_WithDecimalComma_KeepsItsSize(string typed, double rate)
    {
        await using var lab = await PageLab.OpenAsync();
        var page = Open(lab, $"?preset=quick&rate={Uri.EscapeDataString(typed)}");
        Assert.Equal(rate.ToString(System.Globalization.CultureInfo.InvariantCulture), page.Find("input[aria-label='Learning rate'].dial-number").GetAttribute("value"));
    }

    [Fact]
    public async Task KeptDraft_OfTheSameStart_ComesBack_UntilStartedAfresh()
    {
        await using var lab = await PageLab.OpenAsync();
        var draft = new LaunchDraft("quick||", null, "lab", Preset.Quick.Hyperparameters with { BatchSize = 8 }, "Half typed", "a-key");
        lab.JSInterop.Setup<string?>("lab.kept", LaunchDraft.Name).SetResult(draft.ToJson());

        var page = Open(lab, "?preset=quick");

        var batch = "input[aria-label='Batch size'].dial-number";
        page.WaitForAssertion(() => Assert.Equal("8", page.Find(batch).GetAttribute("value")), s_patience);
        Assert.Equal("Half typed", page.Find("#run-name").GetAttribute("value"));
        page.Find(".restored button").Click();
        page.WaitForAssertion(() => Assert.Equal("16", page.Find(batch).GetAttribute("value")), s_patience);
        Assert.Empty(page.FindAll(".restored"));
    }

    [Fact]
    public void Draft_AsJson_ReadsBackTheSame()
    {
        var draft = new LaunchDraft("quick|3|0.08", "phantom", "lite", new() { LearningRate = 0.003, Dropout = 0.2 }, "A name", "key");

        Assert.Equal(draft, LaunchDraft.Read(draft.ToJson()));
        Assert.Null(LaunchDraft.Read("{}"));
        Assert.Null(LaunchDraft.Read("{not json"));
        Assert.Null(LaunchDraft.Read(null));
    }

    [Fact]
    public async Task Precision_OnAHostWithoutAGpu_TF32CannotBeChosenAndSaysWhy()
    {
        await using var lab = await PageLab.OpenAsync();
        var page = Open(lab);

        var option = page.Find("option[value=tf32]");

        Assert.True(option.HasAttribute("disabled"));
        Assert.Contains("needs an NVIDIA GPU", option.TextContent, StringComparison.Ordinal);
        Assert.False(page.Find("option[value=bfloat16]").HasAttribute("disabled"));
    }

    [Fact]
    public async Task NoImagesYet_NothingCanBeStarted()
    {
        await using var lab = await PageLab.OpenAsync();

        var page = Open(lab);

        Assert.True(page.Find("button[type=submit]").HasAttribute("disabled"));
        Assert.Contains("Choose the images first.", page.Markup);
        Assert.Contains("No run long enough for an estimate has finished here yet.", page.Markup);
    }

    [Fact]
    public async Task CopyWithARate_MarksWhatIsNotAsInTheRun()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync(hyperparameters: new() { Steps = 900, LearningRate = 0.8 });

        var page = Open(lab, $"?from={run.Id}&rate=0.08");

        Assert.Equal("was 0.8", page.Find(".mark").TextContent);
        Assert.Contains($"A copy of run {run.Id}", page.Markup);
    }

    [Fact]
    public async Task CopyOfSomebodyElsesRun_IsNotOffered()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync(by: await lab.JoinAsync("Jonas"));

        var page = Open(lab, $"?from={run.Id}");

        Assert.DoesNotContain("A copy of", page.Markup);
    }

    [Fact]
    public async Task EarlierRunOfThisNetwork_TellsHowLongItTakes()
    {
        await using var lab = await PageLab.OpenAsync();
        await lab.EndAsync(await lab.LaunchAsync(hyperparameters: Preset.Quick.Hyperparameters), RunState.Completed, null, new MetricPoint(800, SeriesNames.TrainLoss, 0.5));
        await lab.EndAsync(await lab.LaunchAsync(hyperparameters: Preset.Quick.Hyperparameters with { Steps = 5 }), RunState.Completed, null, new MetricPoint(5, SeriesNames.TrainLoss, 0.5));     // nothing but start-up

        var page = Open(lab, "?preset=quick");

        Assert.Equal("about 70 seconds", page.Find(".figure-number").TextContent);
        Assert.Contains("from the one run of this network that finished here", page.Markup);
    }

    [Fact]
    public async Task EarlierRunOnABusyHost_IsTakenForWhatItWouldHaveTakenOnAnIdleOne()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync(hyperparameters: Preset.Quick.Hyperparameters);
        await lab.EndAsync(run, RunState.Completed, null, new MetricPoint(800, SeriesNames.TrainLoss, 0.5));
        await lab.AddHostAsync(new() { Name = "cpu-1", Process = "p", Kind = ThisHost.Worker, Version = "1", Slots = 1, Processors = 2 });
        // In 70 seconds it had a quarter of what a training uses of two processors.
        await lab.SetAsync(run, set => set.SetProperty(row => row.Host, "cpu-1").SetProperty(row => row.ProcessorSeconds, 0.25 * 0.85 * 140));

        Assert.Equal("about 20 seconds", Open(lab, "?preset=quick").Find(".figure-number").TextContent);
    }

    [Fact]
    public async Task MoreMemoryThanEveryHostHas_IsSaidAtTheBatchSize_AndNothingCanBeStarted()
    {
        await using var lab = await PageLab.OpenAsync();
        DrawnPhantoms.CopyTo(lab.Services.GetRequiredService<DatasetStore>().Directory, "phantom");
        var run = await lab.LaunchAsync(hyperparameters: new() { BatchSize = 128, Width = 128, Kernel = 7, InputSize = 256 });
        await lab.AddHostAsync(new() { Name = "cpu-1", Process = "p", Kind = ThisHost.Worker, Version = "1", Slots = 1, SeenAt = DateTimeOffset.UtcNow.AddMinutes(5), MemoryTotal = 8L << 30 });

        var page = Open(lab, $"?from={run.Id}");

        var problems = page.FindAll("p.problem").Select(problem => problem.TextContent).Where(problem => problem.Contains("cpu-1, has only 7.5 GB for it: a batch size of ", StringComparison.Ordinal));
        Assert.Equal(2, problems.Count());      // at the field, and beside the button
        Assert.True(page.Find("button[type=submit]").HasAttribute("disabled"));
        page.Find("input[aria-label='Batch size'].dial-number").Change("1");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("p.problem")), s_patience);
    }
}
