using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Comparison;
using Pneumothorax.Lab.Web.Parts;
using Pneumothorax.Lab.Web.Tests.Training;

namespace Pneumothorax.Lab.Web.Tests.Comparison;

public sealed class ComparePageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

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
        Assert.Matches(@"The same in all: \d+ settings", page.Markup);
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

        page.WaitForAssertion(() => Assert.Contains("There is no run 99 for you to see", page.Markup), s_patience);
        Assert.Equal("Two runs", page.Find("h1").TextContent);
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
        page.Find("button.filled").Click();

        page.WaitForAssertion(() => Assert.Equal("Two runs", page.Find("h1").TextContent), s_patience);
        Assert.EndsWith($"runs={second.Id}%2C{first.Id}", lab.Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public async Task TakingARunOut_LeavesTheOthers()
    {
        await using var lab = await PageLab.OpenAsync();
        List<int> ids = [];
        foreach (var name in (string[])["One", "Two", "Three"]) ids.Add((await lab.LaunchAsync(name)).Id);

        var page = Open(lab, $"?runs={string.Join(',', ids)}");
        page.WaitForElement("[aria-label='Take Two out']", s_patience);
        page.Find("[aria-label='Take Two out']").Click();

        page.WaitForAssertion(() => Assert.Equal("Two runs", page.Find("h1").TextContent), s_patience);
        Assert.DoesNotContain("Take Two out", page.Markup);
    }
}
