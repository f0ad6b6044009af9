using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>The evaluation of the reference run, as a reader works with it: by hand on the charts, and to an operating point.</summary>
public sealed class EvaluationJourneyTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task Threshold_DraggedTypedAndClicked_IsTheSameEverywhere_AndACellOpensItsImages()
    {
        var evaluation = await EvaluationAsync();
        var page = await OpenAsync(await Lab.JoinAsync("Lea S."), "/runs/1/evaluation");

        await NumberSlider(page).FillAsync("0.5");
        await NumberSlider(page).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("threshold=0.5(&|$)"));
        await AssertEverywhereAsync(page, evaluation, 0.5);

        var handle = Chart(page, "Scores").Locator(".handle");
        var from = await handle.BoundingBoxAsync();
        await handle.HoverAsync();
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(from!.X + from.Width / 2 - 60, from.Y + 100, new() { Steps = 6 });
        await page.Mouse.UpAsync();
        await Expect(NumberSlider(page)).Not.ToHaveValueAsync("0.50");
        await Expect(page).Not.ToHaveURLAsync(new Regex("threshold=0.5(&|$)"));
        var dragged = Threshold(page.Url);
        Assert.InRange(dragged, 0.05, 0.45);
        await AssertEverywhereAsync(page, evaluation, dragged);

        foreach (var curve in (string[])["ROC", "Precision-recall"])
        {
            var before = page.Url;
            var box = await Chart(page, curve).Locator(".plot").BoundingBoxAsync();
            await page.Mouse.ClickAsync(box!.X + box.Width / 2, box.Y + box.Height / (curve == "ROC" ? 8 : 4));
            await Expect(page).Not.ToHaveURLAsync(before);
            await AssertEverywhereAsync(page, evaluation, Threshold(page.Url));
        }

        var missed = await page.Locator(".cell").Nth(1).Locator(".many").TextContentAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^See them: .*, Missed") }).ClickAsync();
        // The gallery of exactly these images, one card each.
        await page.WaitForURLAsync(new Regex("/runs/1/failures[?]show=missed&threshold="));
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = $"Missed {missed}" })).ToBeCheckedAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new($"^{missed} missed image") })).ToBeVisibleAsync();
        await Expect(page.Locator(".cards > li")).ToHaveCountAsync(Math.Min(24, int.Parse(missed!, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task OperatingPoint_ChosenOnValidation_StaysFrozenAndIsReadOnTest()
    {
        var page = await OpenAsync(await Lab.JoinAsync("Tarek B."), "/runs/1/evaluation");
        var panel = page.GetByLabel("Operating point", new() { Exact = true });
        await Expect(panel).ToContainTextAsync("Not compared yet");

        await panel.GetByRole(AriaRole.Radio, new() { Name = "Sensitivity" }).CheckAsync();
        var wanted = panel.GetByRole(AriaRole.Textbox, new() { Name = "Sensitivity" });
        await wanted.FillAsync("0.9");
        await wanted.PressAsync("Enter");
        await Expect(panel).ToContainTextAsync("still finds 90 % of those who HAVE it");
        await Expect(page).ToHaveURLAsync(new Regex("rule=sensitivity:0.9"));
        await panel.GetByRole(AriaRole.Button, new() { NameRegex = new("^Freeze 0[.]") }).ClickAsync();

        await Expect(panel.Locator(".departure").First).ToContainTextAsync("the result on validation");
        await Expect(page).ToHaveURLAsync(new Regex("rule=sensitivity:0.9&frozen=0[.]"));
        var frozen = await panel.Locator(".stands b").First.TextContentAsync();
        await page.ReloadAsync();
        await OpenAsync(page, page.Url);
        await Expect(panel.Locator(".stands b")).ToHaveTextAsync([frozen!, frozen!, frozen!]);
        await Expect(NumberSlider(page)).ToHaveValueAsync(frozen!);

        // Moved while the test images are in sight: it says so, and leads back.
        await NumberSlider(page).FillAsync("0.77");
        await NumberSlider(page).PressAsync("Enter");
        await Expect(page.GetByText("This is no longer the frozen point")).ToBeVisibleAsync();
        await Expect(Chart(page, "ROC")).ToContainTextAsync($"frozen {frozen}");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Back to {frozen}" }).ClickAsync();
        await Expect(NumberSlider(page)).ToHaveValueAsync(frozen!);
        await Expect(page.GetByText("This is no longer the frozen point")).ToHaveCountAsync(0);
    }

    /// <summary>The charts are drawn once the page listens.</summary>
    private static async Task<IPage> OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await Expect(Chart(page, "Scores").Locator(".handle")).ToBeVisibleAsync();
        return page;
    }

    /// <summary>The box, both curves and the four cells say the same, and the cells are those of every single score.</summary>
    private static async Task AssertEverywhereAsync(IPage page, JsonElement evaluation, double threshold)
    {
        var point = evaluation.GetProperty("roc").EnumerateArray().Last(one => one.GetProperty("threshold").GetDouble() >= threshold);
        int sick = evaluation.GetProperty("positives").GetInt32(), well = evaluation.GetProperty("images").GetInt32() - sick;
        int found = (int)Math.Round(point.GetProperty("tpr").GetDouble() * sick), alarmed = (int)Math.Round(point.GetProperty("fpr").GetDouble() * well);

        var shown = threshold.ToString("0.00##", CultureInfo.InvariantCulture);
        await Expect(NumberSlider(page)).ToHaveValueAsync(shown);
        await Expect(Chart(page, "ROC")).ToContainTextAsync($"threshold {shown}");
        await Expect(Chart(page, "Precision-recall")).ToContainTextAsync($"threshold {shown}");
        await Expect(page.Locator(".cell .many")).ToHaveTextAsync([$"{found}", $"{sick - found}", $"{alarmed}", $"{well - alarmed}"]);
        // The two lines stand where the threshold is, and not somewhere near.
        foreach (var chart in (string[])["Scores", "Calibration"])
        {
            Assert.Equal(threshold, await Chart(page, chart).EvaluateAsync<double>(
                """
                figure => {
                    const box = node => node.getBoundingClientRect(), handle = box(figure.querySelector('.handle')), plot = box(figure.querySelector('.nsewdrag'));
                    return (handle.x + handle.width / 2 - plot.x) / plot.width;
                }
                """), 0.02);
        }
    }

    private async Task<JsonElement> EvaluationAsync()
    {
        using var http = new HttpClient { BaseAddress = Lab.Portal.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Portal.InstructorToken);
        return JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/runs/1/evaluation", UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;
    }

    private static double Threshold(string address) => double.Parse(Regex.Match(address, "threshold=([0-9.]+)").Groups[1].Value, CultureInfo.InvariantCulture);

    private static ILocator NumberSlider(IPage page) => page.GetByRole(AriaRole.Textbox, new() { Name = "Threshold", Exact = true });

    private static ILocator Chart(IPage page, string title) => page.Locator("figure.chart").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });
}
