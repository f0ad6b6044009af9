using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>A student looks for what the mistakes of the reference run have in common, and keeps one of them as evidence.</summary>
public sealed class FailuresJourneyTests(LabBrowser lab) : Journey(lab)
{
    private const string Note = "No drain, and a thin line at the apex.";

    [Fact]
    public async Task Student_SortsFiltersCutsAndPins_AndFindsItAgain()
    {
        var page = await Lab.JoinAsync("Lena F.");
        // The reference run is there from the first start on; its X-rays once the phantoms are drawn.
        await CourseJourneyTests.WaitForPhantomsAsync(page);
        await page.GotoAsync("/runs/1");
        await page.GetByRole(AriaRole.Link, new() { Name = "Failures", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Where does the reference run fail?" })).ToBeVisibleAsync();
        await Expect(page.Locator(".cards .film").First).ToBeVisibleAsync();
        await Expect(page.Locator(".pin-button > button").First).ToBeEnabledAsync();        // the circuit is up

        await page.GetByLabel("Sort by").SelectOptionAsync("confidence");
        await Expect(page).ToHaveURLAsync(new Regex("sort=confidence"));
        await page.GetByLabel("Sort by").SelectOptionAsync("loss");
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = new("^Missed") }).CheckAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"failures\?show=missed$"));

        // A slice of the table filters the images above it, and leads up to them.
        await page.Locator(".slices").GetByRole(AriaRole.Link, new() { Name = "Chest drain: no", Exact = true }).ClickAsync();
        var heading = page.Locator("h2.heading");
        await Expect(heading).ToContainTextAsync("chest drain: no");
        await Expect(heading).ToBeFocusedAsync();
        await Expect(heading).ToBeInViewportAsync();
        await Expect(page).ToHaveURLAsync(new Regex("slice=drain%3Ano"));

        await page.GetByText("Maps over the X-rays").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("maps=off"));
        var cards = await CardsAsync(page);
        Assert.NotEmpty(cards);
        await page.ReloadAsync();
        await Expect(page.Locator(".pin-button > button").First).ToBeEnabledAsync();        // what the server drew first has been replaced
        await Expect(heading).ToContainTextAsync("chest drain: no");
        Assert.Equal(cards, await CardsAsync(page));
        await Expect(page.Locator(".cards img").First).ToHaveAttributeAsync("src", new Regex("^/api/datasets/"));

        await PinTheFirstAsync(page);
        await FindItAgainAsync(page, cards[0]);
    }

    [Fact]
    public async Task Student_TurnsPages_ByKeyboard_AndIsOfferedNoDisagreementWithoutAnotherRun()
    {
        var page = await Lab.JoinAsync("Tariq S.", width: 390, height: 844);
        await page.GotoAsync("/runs/1/failures?show=all&sort=doubt");
        await Expect(page.Locator(".cards > li")).ToHaveCountAsync(24, new() { Timeout = 120_000 });
        await Expect(page.Locator(".pin-button > button").First).ToBeEnabledAsync();
        var first = await CardsAsync(page);

        var next = page.GetByRole(AriaRole.Link, new() { Name = "Next" });
        await next.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByText("Page 2 of")).ToBeVisibleAsync();
        await Expect(page.Locator("h2.heading")).ToBeFocusedAsync();
        await Expect(page).ToHaveURLAsync(new Regex("page=2"));
        Assert.Empty((await CardsAsync(page)).Intersect(first));
        await Expect(page.Locator("option[value=disagreement]")).ToBeDisabledAsync();
    }

    private static async Task<IReadOnlyList<string>> CardsAsync(IPage page) => await page.Locator(".cards article").EvaluateAllAsync<string[]>("cards => cards.map(card => card.ariaLabel)");

    private static async Task PinTheFirstAsync(IPage page)
    {
        var card = page.Locator(".cards > li").First;
        var pin = card.GetByRole(AriaRole.Button, new() { Name = "Pin this view" });
        await Expect(pin).ToBeEnabledAsync();
        await pin.ClickAsync();
        await card.GetByLabel("Note (optional)").FillAsync(Note);
        await card.GetByLabel("Attach to").SelectOptionAsync("failures");
        await card.GetByRole(AriaRole.Button, new() { Name = "Pin", Exact = true }).ClickAsync();
        await Expect(card.GetByText("See your pins")).ToBeVisibleAsync();
    }

    /// <summary>On the page of pins, and at the question in chapter 9; its link opens the very image.</summary>
    private static async Task FindItAgainAsync(IPage page, string card)
    {
        foreach (var address in (string[])["/pins", "/guide/where-it-fails"])
        {
            await page.GotoAsync(address);
            await Expect(page.GetByText(Note)).ToBeVisibleAsync();
        }
        var image = Regex.Match(card, "[0-9]+").Value;
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new($"^Test image {image}, the reference run: missed, .*Chest drain: no") }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/runs/1/explanation\\?index={image}&threshold="));
        await Expect(page.Locator(".film .strip").GetByText($"Test image {image}", new() { Exact = true }).First).ToBeVisibleAsync();
    }
}
