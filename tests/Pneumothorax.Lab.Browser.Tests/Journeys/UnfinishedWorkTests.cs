using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>What is typed and not sent yet, the place on a page, and the way to the start of a run.</summary>
public sealed partial class UnfinishedWorkTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task LookingElsewhere_KeepsAnswerAndPlace_AndPageKeysMoveThumbAndNumberTogether()
    {
        var page = await Lab.JoinAsync("Mina T.", 1366, 768);
        await CourseJourneyTests.WaitForPhantomsAsync(page);
        await page.GotoAsync("/guide/the-data");
        await Expect(page.Locator("html[data-alive]")).ToBeAttachedAsync();
        var box = page.Locator("#task-read-labels input.input").First;
        await Expect(box).ToBeVisibleAsync();
        await box.FillAsync("0, 1");
        var link = page.Locator("#task-read-labels a[href^='/data/']").First;
        await link.ScrollIntoViewIfNeededAsync();
        var place = await PlaceAsync(page);
        Assert.True(place > 900, $"The task stands at {place} px already.");

        await link.ClickAsync();
        // The chapter has an image viewer, too.
        await page.WaitForURLAsync(new Regex("/data/"));
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "INDEX" })).ToBeVisibleAsync();
        await AssertPageKeysAsync(page);
        await page.GoBackAsync();

        await Expect(box).ToHaveValueAsync("0, 1");
        await WaitForPlaceAsync(page, place);
        await page.ReloadAsync();
        await Expect(box).ToHaveValueAsync("0, 1");
        await WaitForPlaceAsync(page, place);
    }

    [Fact]
    public async Task LaunchForm_SurvivesAReload_ShowsItsStartEverywhere_AndADoubleClickStartsOneRun()
    {
        var page = await Lab.JoinAsync("Dora B.", 1366, 768);
        await CourseJourneyTests.WaitForPhantomsAsync(page);
        await page.GotoAsync("/runs/new?preset=quick");
        var start = page.GetByRole(AriaRole.Button, new() { Name = "Start run" });
        var rate = page.GetByRole(AriaRole.Textbox, new() { Name = "Learning rate", Exact = true });
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = new("Phantoms") }).CheckAsync();
        await rate.FillAsync("0,005");
        await rate.PressAsync("Enter");
        await Expect(rate).ToHaveValueAsync("0.005");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Half typed");
        await Expect(page.GetByText("One setting differs")).ToBeVisibleAsync();
        var (batch, seed) = (page.GetByRole(AriaRole.Textbox, new() { Name = "Batch size", Exact = true }), page.GetByLabel("Seed"));
        await batch.FillAsync("fifteen or so");
        await batch.PressAsync("Enter");
        await Expect(page.Locator(".go .problem")).ToContainTextAsync("Batch size");
        await Task.Delay(500, Token);       // the browser keeps it at the end of the drawing
        await seed.FillAsync("41");         // and is not left

        await page.ReloadAsync();
        await Expect(rate).ToHaveValueAsync("0.005");
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Half typed");
        await Expect(seed).ToHaveValueAsync("41");
        await Expect(batch).ToHaveValueAsync("fifteen or so");
        await Expect(page.Locator(".go .problem")).ToContainTextAsync("Batch size");
        // Set otherwise, it is forgotten.
        await page.GetByRole(AriaRole.Button, new() { Name = "Batch size: more" }).ClickAsync();
        await Expect(start).ToBeEnabledAsync();
        var set = await batch.InputValueAsync();
        await page.ReloadAsync();
        await Expect(seed).ToHaveValueAsync("41");
        await Expect(batch).ToHaveValueAsync(set);

        foreach (var (width, height) in ((int, int)[])[(390, 844), (1366, 768)])
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var share in (double[])[0, 0.5, 0.8])
            {
                await page.EvaluateAsync("share => scrollTo(0, share * (document.documentElement.scrollHeight - innerHeight))", share);
                await Expect(start).ToBeInViewportAsync(new() { Ratio = 1 });
                await Expect(page.Locator(".takes")).ToBeInViewportAsync(new() { Ratio = 1 });
            }
        }

        // A loss that ran away is two digits at the end of its curve, and not twelve.
        Assert.Equal("1.2e+11", await page.EvaluateAsync<string>("() => import('/js/chart-figure.js').then(figure => figure.number(120832782287))"));

        await start.DblClickAsync();
        await page.WaitForURLAsync(RunAddress());
        await Task.Delay(1_000, Token);
        var runs = await OwnRunsAsync(page);
        Assert.Equal(0.005, Assert.Single(runs).GetProperty("hyperparameters").GetProperty("learningRate").GetDouble());
        await page.EvaluateAsync($"() => fetch('/api/runs/{runs[0].GetProperty("id").GetInt32()}/cancel', {{ method: 'POST' }}).then(() => null)");
        // Sent, it is forgotten.
        await page.GotoAsync("/runs/new?preset=quick");
        await Expect(rate).ToHaveValueAsync("0.002");
    }

    [Fact]
    public async Task FormOfTheInstructor_TypedAndNotLeft_SurvivesAReload_AndWhatIsTakenBackDoesNot()
    {
        var page = await Lab.EnterAsInstructorAsync();
        await page.GotoAsync("/courses");
        var name = page.Locator(".course-form").GetByLabel("Name");
        await name.FillAsync("Seen again after a reload");

        await page.ReloadAsync();
        await Expect(name).ToHaveValueAsync("Seen again after a reload");
        await name.FillAsync("");
        await page.ReloadAsync();
        await Expect(page.Locator(".course-form")).ToBeVisibleAsync();
        await Expect(name).ToHaveValueAsync("");
    }

    private static async Task AssertPageKeysAsync(IPage page)
    {
        await Expect(page.Locator("html[data-alive]")).ToBeAttachedAsync();
        var number = page.GetByRole(AriaRole.Textbox, new() { Name = "INDEX" });
        var thumb = page.GetByRole(AriaRole.Slider, new() { Name = "INDEX" });
        await thumb.PressAsync("Home");
        await AssertBothAsync(0);
        var index = 0;
        foreach (var (key, by) in ((string, int)[])[("PageUp", 10), ("PageUp", 10), ("PageDown", -10), ("ArrowRight", 1)])
        {
            await thumb.PressAsync(key);
            await AssertBothAsync(index += by);
        }
        // The picture has the same keys.
        await page.Locator(".film-side").PressAsync("PageUp");
        await AssertBothAsync(index + 10);

        async Task AssertBothAsync(int expected)
        {
            await Expect(number).ToHaveValueAsync(expected.ToString("#,##0", CultureInfo.InvariantCulture));
            await Expect(thumb).ToHaveValueAsync(expected.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static Task<int> PlaceAsync(IPage page) => page.EvaluateAsync<int>("() => Math.round(scrollY)");

    private static async Task WaitForPlaceAsync(IPage page, int place)
    {
        var now = 0;
        for (var tries = 0; tries < 50; tries++)
        {
            now = await PlaceAsync(page);
            if (Math.Abs(now - place) <= 5) return;
            await Task.Delay(200, Token);
        }
        Assert.Fail($"The page was left at {place} px and came back at {now} px.");
    }

    private static async Task<List<JsonElement>> OwnRunsAsync(IPage page)
    {
        var runs = JsonDocument.Parse(await (await page.APIRequest.GetAsync("/api/runs")).TextAsync()).RootElement;
        return [.. runs.EnumerateArray().Where(run => !run.GetProperty("reference").GetBoolean())];
    }

    [GeneratedRegex("/runs/[0-9]+$")]
    private static partial Regex RunAddress();
}
