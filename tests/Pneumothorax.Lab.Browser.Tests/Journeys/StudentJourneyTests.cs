using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>One afternoon of a student, from the first page to the map of a run of her own.</summary>
public sealed partial class StudentJourneyTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task Student_ReadsLaunchesWatchesAndExplains()
    {
        var page = await Lab.JoinAsync("Mira K.");
        await ReadEveryChapterAsync(page);
        await LookAtImagesAsync(page);

        await PrepareQuickRunAsync(page, steps: 60);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("A first look");

        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await page.WaitForURLAsync(RunAddress());
        var run = RunAddress().Match(page.Url).Value;
        var training = page.Locator(".chart").First.GetByText("training");
        await Expect(training).ToBeVisibleAsync(new() { Timeout = 60_000 });

        // The curve moves by itself: the name at its end carries the last value.
        var first = await training.TextContentAsync() ?? "";
        await Expect(training).Not.ToHaveTextAsync(first, new() { Timeout = 20_000 });

        await Expect(page.GetByText("Completed")).ToBeVisibleAsync(new() { Timeout = 180_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Evaluation", Exact = true }).First.ClickAsync();
        await Expect(page.GetByText("AUROC, 95 % interval")).ToBeVisibleAsync();
        await MoveThresholdAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Where did it look?" }).First.ClickAsync();
        await ExplainAsync(page);

        await page.GotoAsync("/runs");
        await Expect(page.GetByText("A first look")).ToBeVisibleAsync();
        Assert.EndsWith(run, await page.GetByRole(AriaRole.Link, new() { Name = "A first look" }).GetAttributeAsync("href") ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherStudent_DoesNotSeeIt()
    {
        var owner = await Lab.JoinAsync("Jonas L.");
        await PrepareQuickRunAsync(owner, steps: 1);
        await owner.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await owner.WaitForURLAsync(RunAddress());

        var other = await Lab.JoinAsync("Noor H.");
        await other.GotoAsync(owner.Url);

        await Expect(other.GetByRole(AriaRole.Heading, new() { NameRegex = new("Run [0-9]+ was not found") })).ToBeVisibleAsync();
        // The next journey finds the line empty.
        await Expect(owner.GetByText("Completed")).ToBeVisibleAsync(new() { Timeout = 180_000 });
    }

    private static async Task ReadEveryChapterAsync(IPage page)
    {
        await page.GotoAsync("/guide/the-problem");
        for (var chapter = 2; chapter <= 10; chapter++)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = $"Next: chapter {chapter}" }).ClickAsync();
            await Expect(page.GetByText($"Chapter {chapter} of 10")).ToBeVisibleAsync();
            await Expect(page.Locator(".fault")).ToHaveCountAsync(0);
        }
    }

    private static async Task LookAtImagesAsync(IPage page)
    {
        await page.GotoAsync("/guide/the-data");
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "INDEX" })).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await TypeAsync(page, "INDEX", "7", new("index=7"));
        await Expect(Film(page, "Training image 7")).ToBeVisibleAsync();

        await page.ReloadAsync();
        await Expect(Film(page, "Training image 7")).ToBeVisibleAsync();

        // Figure 1.1: the disease is shown before anybody is asked to find it.
        await page.GotoAsync("/guide/the-problem");
        await page.GetByRole(AriaRole.Switch, new() { Name = "Show where it is" }).CheckAsync();
        await Expect(page.Locator(".wall path.true-mask")).ToHaveCountAsync(1);
        await page.WaitForURLAsync(new Regex("outlines=on"));
    }

    private static async Task PrepareQuickRunAsync(IPage page, int steps)
    {
        await page.GotoAsync("/runs/new?preset=quick");
        // The phantoms are drawn while she reads; a run needs them.
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = new("Phantoms") }).CheckAsync(new() { Timeout = 120_000 });
        await TypeAsync(page, "Steps", steps.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task MoveThresholdAsync(IPage page)
    {
        await TypeAsync(page, "Threshold", "0", new("threshold=0(&|$)"));
        // Everything is called HAS from 0 on, so nothing is missed.
        await Expect(page.GetByText("100 %").First).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Threshold" })).ToHaveValueAsync(new Regex("^0"));
    }

    private static async Task ExplainAsync(IPage page)
    {
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Where did it look?" })).ToBeVisibleAsync();
        var overlay = page.Locator(".film img[src*='/cam/']").First;
        await Expect(overlay).ToBeVisibleAsync();
        Assert.Equal(256, await overlay.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));
        await TypeAsync(page, "INDEX", "5", new("index=5"));
        await Expect(Film(page, "Test image 5")).ToBeVisibleAsync();
    }

    /// <summary>The words in the strip above an X-ray.</summary>
    private static ILocator Film(IPage page, string title) => page.Locator(".film .strip").GetByText(title, new() { Exact = true }).First;

    /// <param name="address">What the address has once the page took the value. A page is drawn before it listens: then a reader, too, types again.</param>
    private static async Task TypeAsync(IPage page, string label, string value, Regex? address = null)
    {
        var box = page.GetByRole(AriaRole.Textbox, new() { Name = label, Exact = true });
        for (var tries = 0; ; tries++)
        {
            await box.FillAsync(value);
            await box.PressAsync("Enter");
            if (address is null) return;
            try
            {
                await Expect(page).ToHaveURLAsync(address, new() { Timeout = 3_000 });
                return;
            }
            catch (PlaywrightException) when (tries < 5) { }
        }
    }

    [GeneratedRegex("/runs/[0-9]+$")]
    private static partial Regex RunAddress();
}
