using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>One run on paper, from the menu on its page to the browser's PDF.</summary>
public sealed partial class ReportJourneyTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task Report_FromARunsMenu_PrintsAsAFewSheetsWithoutThePortalAroundIt()
    {
        var page = await Lab.JoinAsync("Paul R.");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.GotoAsync("/runs/1/evaluation?threshold=0.7");
        await page.GetByText("Download", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Report" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("/runs/1/report\\?threshold=0\\.7$"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "At the threshold 0.70" })).ToBeVisibleAsync();
        await Expect(page.GetByText("who could see the test results")).ToBeVisibleAsync();
        await Expect(page.Locator("article").GetByText("Teaching only, not for diagnosis.")).ToBeVisibleAsync();
        await Expect(page.Locator("article pre")).ToContainTextAsync("lab train --dataset phantom --network lite");
        await Expect(page.Locator("article .chart .layer")).ToHaveCountAsync(7);

        await page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });
        await Expect(page.Locator("header.bar")).ToBeHiddenAsync();
        await Expect(page.Locator("article")).ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        var pdf = System.Text.Encoding.Latin1.GetString(await page.PdfAsync(new() { PreferCSSPageSize = true }));
        Assert.InRange(SheetOfPaper().Count(pdf), 2, 4);
    }

    [Fact]
    public async Task EveryKindOfFigure_CanBeTakenAwayAsAPicture()
    {
        var page = await Lab.JoinAsync("Pia N.");
        await CourseJourneyTests.WaitForPhantomsAsync(page);
        // The table of slices is drawn by the browser, the loss by the drawing library.
        await page.GotoAsync("/runs/1/failures");
        var table = page.GetByRole(AriaRole.Button, new() { Name = "Download Slices, worst first as a picture" });
        await Expect(table).ToBeVisibleAsync();
        await AssertPictureAsync(page, table, "slices-worst-first.png");

        await page.GotoAsync("/runs/1");
        await Expect(page.Locator(".chart .layer").First).ToBeVisibleAsync();
        await page.GetByLabel("Take Loss away").ClickAsync();
        await AssertPictureAsync(page, page.Locator(".chart [data-do=png]").First, "loss.png");
    }

    private static async Task AssertPictureAsync(IPage page, ILocator button, string name)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
        var png = await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal("\u0089PNG", System.Text.Encoding.Latin1.GetString(png, 0, 4));
        // A sheet without its figure would be far smaller.
        Assert.True(png.Length > 20_000, $"{name} has {png.Length} bytes");
    }

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)")]
    private static partial Regex SheetOfPaper();
}
