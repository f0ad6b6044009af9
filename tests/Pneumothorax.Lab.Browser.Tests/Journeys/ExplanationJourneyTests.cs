using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>A class activation map read without a mouse: image after image, class, place by place, box and scores, another method.</summary>
public sealed class ExplanationJourneyTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task Student_ReadsAMap_ByKeyboardAlone()
    {
        var page = await Lab.JoinAsync("Nour A.");
        await CourseJourneyTests.WaitForPhantomsAsync(page);
        await page.GotoAsync("/runs/1/explanation?show=found");
        // Measured over the set once the circuit is up: from here on keys are heard.
        await Expect(page.Locator("[data-mean-iou]")).ToBeVisibleAsync();

        await ReadStripsInOneLineAsync(page);
        await GoToTheNextImageAsync(page);
        await SwitchTheClassAsync(page);
        await ReadPlacesAsync(page);
        await LowerTheLevelAsync(page);
        await ComeBackByTheAddressAsync(page);
        await AskAnotherMethodAsync(page);
    }

    /// <summary>On a small laptop, where the longest is that of the difference map.</summary>
    private static async Task ReadStripsInOneLineAsync(IPage page)
    {
        await Expect(page.GetByText("HAS minus DOES NOT, one scale")).ToBeVisibleAsync();
        var before = page.ViewportSize!;
        await page.SetViewportSizeAsync(1366, 768);
        Assert.All(
            await page.Locator(".figure .strip > *").EvaluateAllAsync<double[]>("texts => texts.map(text => text.getBoundingClientRect().height / parseFloat(getComputedStyle(text).lineHeight))"),
            lines => Assert.InRange(lines, 0.5, 1.5));
        await page.SetViewportSizeAsync(before.Width, before.Height);
    }

    private static async Task GoToTheNextImageAsync(IPage page)
    {
        var before = await Film(page).InnerTextAsync();
        await page.GetByRole(AriaRole.Slider, new() { Name = "INDEX" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");

        await Expect(Film(page)).Not.ToHaveTextAsync(before);
        await page.WaitForURLAsync(new Regex("[?]index=[0-9]+&show=found"));
        await Expect(page.GetByText(new Regex("of [0-9]+ found"))).ToBeVisibleAsync();
    }

    private static async Task SwitchTheClassAsync(IPage page)
    {
        await page.Locator(".figure").FocusAsync();
        await page.Keyboard.PressAsync("2");
        await Expect(page.GetByText("does not predict the place of a pneumothorax")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("1");
        await Expect(page.Locator("[data-iou]")).ToBeVisibleAsync();
    }

    private static async Task ReadPlacesAsync(IPage page)
    {
        var readout = page.Locator("[data-readout]");
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await Expect(readout).ToHaveTextAsync(new Regex("at row 4, column 4; grey [0-9]+"));

        await page.Keyboard.PressAsync("Shift+ArrowUp");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await Expect(readout).ToHaveTextAsync(new Regex("at row 3, column 3; grey [0-9]+"));
    }

    private static async Task LowerTheLevelAsync(IPage page)
    {
        var (one, all) = (await page.Locator("[data-iou]").InnerTextAsync(), await page.Locator("[data-mean-iou]").InnerTextAsync());
        await page.GetByRole(AriaRole.Slider, new() { Name = "Level" }).FocusAsync();
        await page.Keyboard.PressAsync("Home");

        await Expect(page.GetByText("At level 5 % and threshold")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-mean-iou]")).Not.ToHaveTextAsync(all);
        await Expect(page.Locator("[data-iou]")).Not.ToHaveTextAsync(one);
        await page.WaitForURLAsync(new Regex("level=5"));
    }

    private static async Task ComeBackByTheAddressAsync(IPage page)
    {
        var before = (await Film(page).InnerTextAsync(), await page.Locator("[data-iou]").InnerTextAsync(), await page.Locator("[data-mean-iou]").InnerTextAsync());
        await page.ReloadAsync();
        await Expect(page.Locator("[data-mean-iou]")).ToHaveTextAsync(before.Item3);

        Assert.Equal(before, (await Film(page).InnerTextAsync(), await page.Locator("[data-iou]").InnerTextAsync(), await page.Locator("[data-mean-iou]").InnerTextAsync()));
    }

    private static async Task AskAnotherMethodAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = new("with feature maps") }).FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.GetByText(new Regex("of [0-9]+ found, with feature maps"))).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "CAM", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");

        var map = page.Locator(".figure .film").Nth(1);
        await Expect(map).ToContainTextAsync("Grad-CAM");
        await Expect(map.Locator("img")).ToHaveAttributeAsync("src", new Regex("method=grad-cam"));
        Assert.True(await map.Locator("img").EvaluateAsync<bool>("picture => picture.decode().then(() => picture.naturalWidth === 256)"));
    }

    private static ILocator Film(IPage page) => page.Locator(".figure .film .strip.above span").First;
}
