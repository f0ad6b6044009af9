using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>Three runs side by side: what differs, which is best, and the images on which they part.</summary>
public sealed class CompareJourneyTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task ThreeRuns_AreSorted_AndADisagreementIsLookedAt()
    {
        var page = await Lab.EnterAsInstructorAsync();
        var first = await TrainAsync(page, seed: 1);
        var second = await TrainAsync(page, seed: 2);

        await page.GotoAsync($"/compare?runs={first},1,{second}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Three runs", Exact = true })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator("td .changed").GetByText("2", new() { Exact = true })).ToBeVisibleAsync();

        await SmoothAsync(page);
        await SortAsync(page);
        await Expect(page.GetByText("B is better than A.")).ToBeVisibleAsync();
        var image = await DisagreeAsync(page);
        await SwitchTheClassAsync(page);

        // What was set is in the address, so a reload, or another reader, sees the same.
        await Expect(page).ToHaveURLAsync(new Regex($"runs={first},1,{second}&sort=-auroc&smooth=0&class=0&index={image}$"));
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "DOES NOT have", Exact = true })).ToBeCheckedAsync();
        await Expect(page.GetByText("cross-entropy; lower is better")).ToBeVisibleAsync();
        await Expect(Rows(page).First).ToHaveTextAsync("Reference");
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "INDEX", Exact = true })).ToHaveValueAsync(image);
        await Expect(page.Locator(".film .strip").GetByText($"Test image {image}", new() { Exact = true })).ToBeVisibleAsync();
    }

    private static ILocator Rows(IPage page) => page.Locator("tbody th a");

    /// <summary>The least training that is one: two steps, and its answers to all test images.</summary>
    /// <returns>The run's number.</returns>
    private async Task<int> TrainAsync(IPage page, int seed)
    {
        var options = new APIRequestContextOptions { Headers = [new("Authorization", $"Bearer {Portal.InstructorToken}")] };
        var launched = default(JsonElement);
        // The portal may still be drawing its phantoms.
        await UntilAsync(async () =>
        {
            var answer = await page.APIRequest.PostAsync(new Uri(Lab.Portal.Address, "/api/runs").ToString(), new(options)
            {
                DataObject = new { name = $"Seed {seed}", dataset = "phantom", network = "lite", hyperparameters = new { batchSize = 4, learningRate = 0.002, steps = 2, seed, optimizer = "adam", validationEvery = 2 } },
            });
            if (answer.Ok) launched = (await answer.JsonAsync())!.Value;
            return answer.Ok;
        });
        var id = launched.GetProperty("id").GetInt32();
        await UntilAsync(async () =>
        {
            var answer = await page.APIRequest.GetAsync(new Uri(Lab.Portal.Address, $"/api/runs/{id}").ToString(), options);
            return (await answer.JsonAsync())!.Value.GetProperty("state").GetString() == "Completed";
        });
        return id;
    }

    private static async Task UntilAsync(Func<Task<bool>> isDone)
    {
        for (var tries = 0; tries < 360; tries++)
        {
            if (await isDone()) return;
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
        Assert.Fail("This took longer than three minutes.");
    }

    private static async Task SmoothAsync(IPage page)
    {
        await Expect(page.GetByText("smoothed; the faint line is the raw data")).ToBeVisibleAsync();
        var smoothing = page.GetByRole(AriaRole.Textbox, new() { Name = "Smoothing", Exact = true });
        await smoothing.FillAsync("0");
        await smoothing.PressAsync("Enter");
        await Expect(page.GetByText("cross-entropy; lower is better")).ToBeVisibleAsync();
    }

    private static async Task SortAsync(IPage page)
    {
        await Expect(Rows(page)).ToHaveTextAsync(["Seed 1", "Reference", "Seed 2"]);
        var heading = page.GetByRole(AriaRole.Columnheader, new() { NameRegex = new("Test AUROC") });
        // By keyboard: the highest first.
        await heading.GetByRole(AriaRole.Button).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(heading).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(Rows(page).First).ToHaveTextAsync("Reference");
        await Expect(page.Locator("tbody tr").First.Locator(".best").First).ToContainTextAsync("best");
    }

    private static async Task SwitchTheClassAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Radio, new() { Name = "Difference", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByText("Maps of HAS alone")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByText("Maps of DOES NOT have alone")).ToBeVisibleAsync();
        foreach (var map in await page.Locator(".film img[src*='/cam/']").AllAsync())
        {
            await Expect(map).ToHaveAttributeAsync("src", new Regex("class=0"));
            Assert.Equal(256, await map.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));
        }
    }

    /// <returns>Number of the image that is shown in the end.</returns>
    private static async Task<string> DisagreeAsync(IPage page)
    {
        var thumb = page.Locator(".wall button").Nth(1);
        var image = Regex.Match(await thumb.GetAttributeAsync("aria-label") ?? "", "[0-9]+").Value;
        await thumb.ClickAsync();
        var index = page.GetByRole(AriaRole.Textbox, new() { Name = "INDEX", Exact = true });
        await Expect(index).ToHaveValueAsync(image);
        await Expect(page.Locator(".film .strip").GetByText($"Test image {image}", new() { Exact = true })).ToBeVisibleAsync();
        var maps = page.Locator(".film img[src*='/cam/']");
        await Expect(maps).ToHaveCountAsync(3);
        for (var run = 0; run < 3; run++) Assert.Equal(256, await maps.Nth(run).EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));

        // The slider goes from one disagreement to the next, for all films at once.
        var forwards = int.Parse(image, CultureInfo.InvariantCulture) < 500;
        await page.GetByRole(AriaRole.Slider, new() { Name = "INDEX" }).PressAsync(forwards ? "ArrowRight" : "ArrowLeft");
        await Expect(index).Not.ToHaveValueAsync(image);
        var next = await index.InputValueAsync();
        foreach (var map in await maps.AllAsync()) await Expect(map).ToHaveAttributeAsync("src", new Regex($"/cam/{next}.png"));
        return next;
    }
}
