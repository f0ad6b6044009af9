using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>The instructor brings in an assistant, who sets a password, sees the class, and gives a script a token.</summary>
public sealed class PeopleJourneyTests(LabBrowser lab) : Journey(lab)
{
    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task Assistant_IsAdded_ComesIn_AndScripts(int width, ColorScheme scheme)
    {
        List<string> problems = [];
        var name = $"Tess {width}";
        var instructor = await Lab.EnterAsInstructorAsync(width, height: 900);
        await instructor.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await instructor.GotoAsync("/people");
        await instructor.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await instructor.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        var link = await instructor.Locator("code.link").InnerTextAsync();
        await LookAsync(instructor, problems);

        var assistant = await Lab.OpenAsync(width, height: 900);
        await assistant.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await assistant.GotoAsync("/join");
        await assistant.GetByText("I have a password").ClickAsync();
        await LookAsync(assistant, problems);
        await assistant.GotoAsync(link);
        await assistant.GetByLabel("Password").FillAsync("three words in a row");
        await LookAsync(assistant, problems);
        await assistant.GetByRole(AriaRole.Button, new() { Name = "Set password and sign in" }).ClickAsync();
        await assistant.WaitForURLAsync("**/guide/**");
        await assistant.GotoAsync("/class");
        await Expect(assistant.GetByRole(AriaRole.Heading, new() { Name = "Class", Exact = true, Level = 1 })).ToBeVisibleAsync();

        await assistant.GotoAsync("/account");
        await Expect(assistant.GetByRole(AriaRole.Button, new() { Name = "Create token" })).ToBeEnabledAsync();       // the circuit is up
        await assistant.GetByLabel("Purpose").FillAsync("Script");
        await assistant.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        var token = await assistant.Locator("code.token").InnerTextAsync();
        await LookAsync(assistant, problems);
        using var script = new HttpClient { BaseAddress = Lab.Portal.Address, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        Assert.Contains("\"id\"", await script.GetStringAsync("/api/runs", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await assistant.ReloadAsync();
        await Expect(assistant.GetByRole(AriaRole.Button, new() { Name = "Create token" })).ToBeEnabledAsync();
        await Expect(assistant.Locator("code.token")).ToHaveCountAsync(0);
        await assistant.GetByRole(AriaRole.Button, new() { Name = "Revoke Script" }).ClickAsync();
        await Expect(assistant.GetByText("You have no tokens yet.")).ToBeVisibleAsync();
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await script.GetAsync("/api/runs", TestContext.Current.CancellationToken)).StatusCode);

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static async Task LookAsync(IPage page, List<string> problems)
    {
        var wider = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (wider > 0) problems.Add($"{page.Url}: {wider} px wider than the window");
        problems.AddRange((await Axe.FindFaultsAsync(page)).Select(fault => $"{page.Url}: {fault}"));
        problems.AddRange((await FocusRings.FindFaultsAsync(page)).Select(fault => $"{page.Url}: {fault}"));
    }
}
