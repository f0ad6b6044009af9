using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>Every page, wide and narrow, light and dark: nothing to scroll sideways, nothing that axe-core objects to, and a ring around whatever has the focus.</summary>
public sealed class PageQualityTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task PictureWithoutAText_IsFound()
    {
        var page = await Lab.JoinAsync("Alt T.");
        await page.EvaluateAsync("() => { document.querySelector('main').append(new Image()); }");

        Assert.Contains(await Axe.FindFaultsAsync(page), fault => fault.StartsWith("image-alt, ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task EveryPage_FitsAndIsAccessible(int width, ColorScheme scheme)
    {
        var page = await Lab.JoinAsync($"Aisha {width}", width, height: 900);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await CourseJourneyTests.WaitForPhantomsAsync(page);

        List<string> problems = [];
        foreach (var address in (string[])
            ["/", "/guide/the-problem", "/guide/the-data", "/guide/the-network", "/guide/cost-and-accuracy", "/guide/training", "/guide/restore-a-model",
             "/guide/accuracy-misleads", "/guide/where-it-looks", "/guide/where-it-fails", "/guide/improve-it", "/pins", "/data", "/data/phantom", "/runs", "/runs/new", "/runs/1", "/runs/1/evaluation", "/runs/1/explanation", "/runs/1/failures", "/runs/1/report", "/compare?runs=1", "/help", "/help/administrator", "/help/developer", "/help?q=backup", "/nowhere"])
        {
            await page.GotoAsync(address);
            await Expect(page.Locator("h1")).ToBeVisibleAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            var wider = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (wider > 0) problems.Add($"{address}: {wider} px wider than the window");
            problems.AddRange((await Axe.FindFaultsAsync(page)).Select(fault => $"{address}: {fault}"));
            problems.AddRange((await FocusRings.FindFaultsAsync(page)).Select(fault => $"{address}: {fault}"));
            if (await page.Locator(".pin-button > button").CountAsync() == 0) continue;

            await page.Locator(".pin-button > button").First.ClickAsync();
            await Expect(page.GetByLabel("Note (optional)")).ToBeVisibleAsync();
            problems.AddRange((await Axe.FindFaultsAsync(page)).Select(fault => $"{address}, to be pinned: {fault}"));
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }
}
