using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>A student brings a picture: an answer with its map, a doubt about another one, and away with it.</summary>
public sealed class OwnImageJourneyTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task Student_BringsAnImage_ReadsTheAnswer_AndDeletesIt()
    {
        var page = await Lab.JoinAsync("Ines O.");
        await CourseJourneyTests.WaitForPhantomsAsync(page);
        await page.GotoAsync("/mine");
        await Expect(page.GetByLabel("Model", new() { Exact = true })).ToContainTextAsync("The reference run");
        await Expect(page.Locator(".drop[data-ready]")).ToBeVisibleAsync();

        var xray = await (await page.APIRequest.GetAsync("/api/datasets/phantom/test/0.png")).BodyAsync();
        await BringAsync(page, "xray.png", xray);
        await page.WaitForURLAsync(new Regex("/mine/[0-9a-f]{32}[?]runs=1"));
        await Expect(page.GetByText("Probability of pneumothorax")).ToBeVisibleAsync();
        await Expect(page.GetByAltText(new Regex("Over the picture"))).ToBeVisibleAsync();

        // The address is the view.
        await page.GetByRole(AriaRole.Radio, new() { Name = "DOES NOT have" }).CheckAsync();
        await page.WaitForURLAsync(new Regex("class=0"));
        await page.ReloadAsync();
        await Expect(page.GetByText("Probability of pneumothorax")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "DOES NOT have" })).ToBeCheckedAsync();

        // A screenshot of the page is no X-ray.
        await Expect(page.Locator(".drop[data-ready]")).ToBeVisibleAsync();
        await BringAsync(page, "screen.png", await page.ScreenshotAsync());
        await Expect(page.GetByText("Its answer means little")).ToBeVisibleAsync();
        await Expect(page.GetByText("Probability of pneumothorax")).Not.ToBeVisibleAsync();

        await BringAsync(page, "page.png", "<html></html>"u8.ToArray());
        await Expect(page.GetByText("This is a web page or a drawing")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete this image" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete image" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/mine([?]|$)"));
        await Expect(page.Locator(".kept li")).ToHaveCountAsync(1);
    }

    private static Task BringAsync(IPage page, string name, byte[] content) =>
        page.Locator("[data-file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "image/png", Buffer = content });
}
