using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>One afternoon of a student, from the first page to the map of a run of her own.</summary>
public sealed partial class StudentJourneyTests(LabBrowser lab)
{
    [Fact]
    public async Task Student_ReadsLaunchesWatchesAndExplains()
    {
        var page = await lab.JoinAsync("Mira K.");
        await ReadEveryChapterAsync(page);
        await LookAtImagesAsync(page);

        // The phantoms are drawn while she reads; a run needs them.
        await page.GotoAsync("/runs/new?preset=quick");
        await Expect(page.GetByRole(AriaRole.Radio, new() { NameRegex = new("Phantoms") })).ToBeCheckedAsync(new() { Timeout = 120_000 });
        await TypeAsync(page, "Steps", "60");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("A first look");

        var clock = Stopwatch.StartNew();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await page.WaitForURLAsync(RunAddress());
        var run = RunAddress().Match(page.Url).Value;
        var training = page.Locator(".chart").First.GetByText("training");
        await Expect(training).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"The first point came after {clock.Elapsed.TotalSeconds:0.0} s.");

        // The curve moves by itself: the name at its end carries the last value.
        var first = await training.InnerTextAsync();
        await Expect(training).Not.ToHaveTextAsync(first, new() { Timeout = 20_000 });

        await Expect(page.GetByText("Completed")).ToBeVisibleAsync(new() { Timeout = 180_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Evaluation", Exact = true }).ClickAsync();
        await Expect(page.GetByText("AUROC, 95 % interval")).ToBeVisibleAsync();
        await MoveThresholdAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Where did it look?" }).ClickAsync();
        await ExplainAsync(page);

        await page.GotoAsync("/runs");
        await Expect(page.GetByText("A first look")).ToBeVisibleAsync();
        Assert.EndsWith(run, await page.GetByRole(AriaRole.Link, new() { Name = "A first look" }).GetAttributeAsync("href") ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherStudent_DoesNotSeeIt()
    {
        var owner = await lab.JoinAsync("Jonas L.");
        await owner.GotoAsync("/runs/new?preset=quick");
        await Expect(owner.GetByRole(AriaRole.Radio, new() { NameRegex = new("Phantoms") })).ToBeCheckedAsync(new() { Timeout = 120_000 });
        await TypeAsync(owner, "Steps", "1");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await owner.WaitForURLAsync(RunAddress());

        var other = await lab.JoinAsync("Noor H.");
        await other.GotoAsync(owner.Url);

        await Expect(other.GetByRole(AriaRole.Heading, new() { NameRegex = new("There is no run") })).ToBeVisibleAsync();
    }

    private static async Task ReadEveryChapterAsync(IPage page)
    {
        await page.GotoAsync("/guide/the-problem");
        for (var chapter = 2; chapter <= 10; chapter++)
        {
            await page.GetByText($"On to chapter {chapter}").ClickAsync();
            await Expect(page.GetByText($"Chapter {chapter} of 10")).ToBeVisibleAsync();
            await Expect(page.Locator(".fault")).ToHaveCountAsync(0);
        }
    }

    private static async Task LookAtImagesAsync(IPage page)
    {
        await page.GotoAsync("/guide/the-data");
        var index = page.GetByRole(AriaRole.Textbox, new() { Name = "INDEX" });
        await Expect(index).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await index.FillAsync("7");
        await index.PressAsync("Enter");
        await Expect(page.GetByText("Training image 7")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex("index=7"));

        await page.ReloadAsync();
        await Expect(page.GetByText("Training image 7")).ToBeVisibleAsync();
    }

    private static async Task MoveThresholdAsync(IPage page)
    {
        await TypeAsync(page, "Threshold", "0");
        await Expect(page.GetByRole(AriaRole.Row).Or(page.Locator(".cells")).First).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex("threshold=0"));
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Threshold" })).ToHaveValueAsync(new Regex("^0"));
    }

    private static async Task ExplainAsync(IPage page)
    {
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Where did it look?" })).ToBeVisibleAsync();
        var overlay = page.Locator(".film img[src*='/cam/']").First;
        await Expect(overlay).ToBeVisibleAsync();
        Assert.Equal(256, await overlay.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));
        await TypeAsync(page, "INDEX", "5");
        await Expect(page.GetByText("Test image 5")).ToBeVisibleAsync();
    }

    private static async Task TypeAsync(IPage page, string label, string value)
    {
        var box = page.GetByRole(AriaRole.Textbox, new() { Name = label, Exact = true });
        await box.FillAsync(value);
        await box.PressAsync("Enter");
    }

    [GeneratedRegex("/runs/[0-9]+$")]
    private static partial Regex RunAddress();
}
