using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Comparison;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Training;

namespace Pneumothorax.Lab.Web.Tests.Comparison;

public sealed class ComparePageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static string Address(PageLab lab) => lab.Services.GetRequiredService<NavigationManager>().Uri;

    private static IRenderedComponent<ComparePage> Open(PageLab lab, string query)
    {
        lab.Services.GetRequiredService<NavigationManager>().NavigateTo($"/compare{query}");
        return lab.Render<ComparePage>();
    }

    [Fact]
    public async Task TwoRuns_WhatDiffersStandsFirstAndIsMarked()
    {
        await using var lab = await PageLab.OpenAsync();
        var first = await lab.LaunchAsync("Notebook");
        var second = await lab.LaunchAsync("Slower", new() { Steps = 20, LearningRate = 0.02 });
        await lab.EndAsync(first, RunState.Completed, null, new MetricPoint(10, SeriesNames.ValidationLoss, 0.32), new MetricPoint(20, SeriesNames.ValidationLoss, 0.4));
        await lab.EndAsync(second, RunState.Completed, null, new MetricPoint(20, SeriesNames.ValidationLoss, 0.27));

        var page = Open(lab, $"?runs={first.Id},{second.Id}");

        page.WaitForAssertion(() => Assert.Equal("0.02", page.Find(".changed").TextContent), s_patience);
        Assert.Contains("0.320", page.Markup);
        Assert.Contains("at step 10", page.Markup);
        Assert.Matches(@"The same in all runs: \d+ settings", page.Markup);
        var loss = page.FindComponents<Chart>()[0].Instance.Spec;
        Assert.Equal(["A", "B"], loss.Series.Where(series => series.Readable).Select(series => series.Name));
    }

    [Fact]
    public async Task RunThatIsNotThere_IsNamed_AndTheOthersAreCompared()
    {
        await using var lab = await PageLab.OpenAsync();
        var first = await lab.LaunchAsync("One");
        var second = await lab.LaunchAsync("Two");

        var page = Open(lab, $"?runs={first.Id},99,{second.Id}");

        page.WaitForAssertion(() => Assert.Contains("Run 99 was not found", page.Markup), s_patience);
        Assert.Equal("Two runs", page.Find("h1").TextContent);
    }

    [Theory]
    [InlineData("1,1", "Run 1 is in the address more than once and counts once.")]
    [InlineData("1,abc,99999999999", "The address names “abc”, “99999999999”, which are no numbers of runs.")]
    [InlineData("7,8", "Runs 7,8 were not found")]
    public async Task AddressWithRunsThatDoNotCount_SaysWhy(string runs, string said)
    {
        await using var lab = await PageLab.OpenAsync();
        Assert.Equal(1, (await lab.LaunchAsync("One")).Id);
        await lab.LaunchAsync("Two");

        var page = Open(lab, $"?runs={runs}");

        page.WaitForAssertion(() => Assert.Contains(said, string.Join(' ', page.FindAll("p[role=status]").Select(note => note.TextContent)), StringComparison.Ordinal), s_patience);
        page.WaitForElement(".picker", s_patience);
    }

    [Fact]
    public async Task FewerThanTwo_OffersRunsToTick()
    {
        await using var lab = await PageLab.OpenAsync();
        var first = await lab.LaunchAsync("One");
        var second = await lab.LaunchAsync("Two");

        var page = Open(lab, $"?runs={second.Id}");
        page.WaitForElement(".picker", s_patience);
        page.FindAll(".picker input")[1].Change(true);
        page.Find(".above button").Click();

        page.WaitForAssertion(() => Assert.Equal("Two runs", page.Find("h1").TextContent), s_patience);
        Assert.EndsWith($"runs={second.Id},{first.Id}", lab.Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public async Task Picker_FindsByName_AndKeepsWhatIsTicked()
    {
        await using var lab = await PageLab.OpenAsync();
        var first = await lab.LaunchAsync("Warm start");
        var second = await lab.LaunchAsync("Cold start");

        var page = Open(lab, "");
        page.WaitForElement(".picker", s_patience);
        page.Find("input[type=search]").Input("warm");
        page.WaitForAssertion(() => Assert.Contains("Warm start", Assert.Single(page.FindAll(".picker label")).TextContent), s_patience);
        page.Find(".picker input").Change(true);
        page.Find("input[type=search]").Input("nothing has this");
        page.WaitForAssertion(() => Assert.Contains("No run matches “nothing has this”", page.Markup), s_patience);
        page.Find("input[type=search]").Input($"{second.Id}");
        page.WaitForElement(".picker input", s_patience);
        page.Find(".picker input").Change(true);
        page.Find(".above button").Click();

        page.WaitForAssertion(() => Assert.Equal("Two runs", page.Find("h1").TextContent), s_patience);
        Assert.EndsWith($"/compare?runs={first.Id},{second.Id}", Address(lab));
    }

    [Fact]
    public async Task Headings_SortTheRows_AndTheAddressSaysSo()
    {
        await using var lab = await PageLab.OpenAsync();
        List<int> ids = [];
        foreach (var (name, loss) in ((string, double)[])[("Middling", 0.4), ("Worst", 0.6), ("Best", 0.2)])
        {
            var run = await lab.LaunchAsync(name);
            await lab.EndAsync(run, RunState.Completed, null, new MetricPoint(20, SeriesNames.ValidationLoss, loss));
            ids.Add(run.Id);
        }

        var page = Open(lab, $"?runs={string.Join(',', ids)}");
        page.WaitForElement("tbody tr", s_patience);
        Assert.Equal(["Middling", "Worst", "Best"], Rows());
        page.FindAll("thead button").Single(button => button.TextContent.Contains("Validation loss")).Click();
        page.WaitForAssertion(() => Assert.Equal(["Best", "Middling", "Worst"], Rows()), s_patience);
        page.FindAll("thead button").Single(button => button.TextContent.Contains("Validation loss")).Click();
        page.WaitForAssertion(() => Assert.Equal(["Worst", "Middling", "Best"], Rows()), s_patience);
        Assert.Equal("descending", page.Find("th[aria-sort]").GetAttribute("aria-sort"));
        Assert.Equal("0.200, best", page.FindAll(".best").Single().TextContent);
        page.WaitForAssertion(() => Assert.EndsWith("&sort=-loss", Address(lab)), s_patience);

        List<string> Rows() => [.. page.FindAll("tbody th a").Select(name => name.TextContent)];
    }

    [Fact]
    public async Task SixRuns_StandOnParallelAxes_AndABrushKeepsSome()
    {
        await using var lab = await PageLab.OpenAsync();
        List<int> ids = [];
        for (var seed = 1; seed <= 6; seed++)
        {
            var run = await lab.LaunchAsync($"Seed {seed}", new() { Steps = 20, Seed = seed, LearningRate = seed < 3 ? 0.001 : 0.05 });
            await lab.EndAsync(run, RunState.Completed, null, new MetricPoint(20, SeriesNames.ValidationLoss, 0.1 * seed));
            ids.Add(run.Id);
        }

        var page = Open(lab, $"?runs={string.Join(',', ids)}");
        page.WaitForElement(".axis", s_patience);
        Assert.Equal(["learningRate", "seed"], page.FindAll(".axis").Select(axis => axis.GetAttribute("data-axis")));
        Assert.Contains("log", page.Find(".axis .name").TextContent);

        await page.InvokeAsync(() => page.Find("[aria-label='Learning rate to']").Change("0.01"));

        page.WaitForAssertion(() => Assert.Contains("2 of 6 runs pass: A, B.", page.Find(".said").TextContent), s_patience);
        Assert.Equal(4, page.FindAll("tbody tr.out").Count);
        Assert.Equal(["A", "B"], page.FindComponents<Chart>()[0].Instance.Spec.Series.Where(series => series.Readable).Select(series => series.Name));
        page.WaitForAssertion(() => Assert.EndsWith("&keep=learningRate:0.001~0.01", Address(lab)), s_patience);

        await page.InvokeAsync(() => page.Find("[aria-label='Learning rate to']").Change("plenty"));
        page.WaitForAssertion(() => Assert.Contains("Learning rate needs a number, not \"plenty\".", page.Find(".problem").TextContent), s_patience);
        await page.InvokeAsync(() => page.FindAll(".said button").Single().Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("tbody tr.out")), s_patience);
    }

    [Fact]
    public async Task TimeAxis_SaysWhoseTimesAreNotKnown()
    {
        await using var lab = await PageLab.OpenAsync();
        List<int> ids = [];
        foreach (var name in (string[])["Timed", "Untimed"])
        {
            var run = await lab.LaunchAsync(name);
            await lab.EndAsync(run, RunState.Completed, null, new MetricPoint(10, SeriesNames.ValidationLoss, 0.5), new MetricPoint(20, SeriesNames.ValidationLoss, 0.4));
            if (ids.Count == 0) EventFileSample.Write(lab.Store.FolderOf(run), 1000, (0, 0), (10, 4), (20, 9));
            ids.Add(run.Id);
        }

        var page = Open(lab, $"?runs={string.Join(',', ids)}&x=time&smooth=0");

        page.WaitForAssertion(() => Assert.Contains("Not drawn: B (Untimed). The times of the steps are not known.", page.Markup), s_patience);
        var spec = page.FindComponents<Chart>()[0].Instance.Spec;
        Assert.Equal("seconds of training", spec.X.Title);
        Assert.Equal([4, 9], spec.Series[0].X);
        Assert.Empty(spec.Series[1].X);
    }

    [Fact]
    public async Task TakingARunOut_LeavesTheOthers()
    {
        await using var lab = await PageLab.OpenAsync();
        List<int> ids = [];
        foreach (var name in (string[])["One", "Two", "Three"]) ids.Add((await lab.LaunchAsync(name)).Id);

        var page = Open(lab, $"?runs={string.Join(',', ids)}");
        page.WaitForElement("[aria-label='Remove Two']", s_patience);
        page.Find("[aria-label='Remove Two']").Click();

        page.WaitForAssertion(() => Assert.Equal("Two runs", page.Find("h1").TextContent), s_patience);
        Assert.DoesNotContain("Remove Two", page.Markup);
    }
}
