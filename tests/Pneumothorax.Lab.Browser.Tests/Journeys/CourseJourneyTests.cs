using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>The guided course as a student goes through it: every task, an answer in words that outlives the connection, and its evidence.</summary>
public sealed class CourseJourneyTests(LabBrowser lab) : Journey(lab)
{
    private const string Before = "Image 12 is called clear. ";
    private const string Meanwhile = "Its map is dark, and no line is to be seen.";

    [Fact]
    public async Task Student_SolvesEveryTask_Answers_LosesTheConnection_AndComesBack()
    {
        var page = await Lab.JoinAsync("Sefa D.");
        await WaitForPhantomsAsync(page);

        await SolveTheChaptersAsync(page);
        await Expect(Sum(page)).ToHaveTextAsync("15 of 20 done");

        await WriteThroughALostConnectionAsync(page);
        await PinAndReopenAsync(page);
        await LeaveAndComeBackAsync(page);
    }

    [Fact]
    public async Task TwoBrowsersOfOneStudent_NeitherOverwritesTheOther_AndDraftsStayTheirOwners()
    {
        var laptop = await Lab.JoinAsync("Ines T.");
        var link = await laptop.Locator("[data-copy*='/return']").GetAttributeAsync("data-copy");
        var computer = await Lab.JoinAsync("Ole B.");
        await OpenQuestionAsync(computer);
        await CutAsync(computer);
        await Box(computer).FillAsync("Ole's, not sent yet.");
        await Expect(State(computer)).ToContainTextAsync("No connection");

        // She signs in where he had been: his draft waits for him.
        await ConnectAsync(computer);
        await computer.GotoAsync(link!);
        await OpenQuestionAsync(computer);
        await Expect(Box(computer)).ToHaveValueAsync("");

        await OpenQuestionAsync(laptop);
        await CutAsync(laptop);
        await Box(laptop).FillAsync("From the laptop.");
        await Box(computer).FillAsync("From the computer.");
        await Expect(State(computer)).ToContainTextAsync("Saved at");
        await ConnectAsync(laptop);

        await Expect(laptop.GetByText("Saved elsewhere at")).ToBeVisibleAsync();
        await Expect(Box(laptop)).ToHaveValueAsync("From the laptop.");
        await laptop.GetByRole(AriaRole.Button, new() { Name = "Keep both" }).ClickAsync();
        await Expect(Box(laptop)).ToHaveValueAsync("From the computer.\n\nFrom the laptop.");
        await Expect(State(laptop)).ToContainTextAsync("Saved at");
        await Expect(Box(computer)).ToHaveValueAsync("From the computer.\n\nFrom the laptop.");
    }

    /// <summary>The first start draws them; tasks about images wait until then, and so do those about the model's.</summary>
    internal static async Task WaitForPhantomsAsync(IPage page)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if ((await (await page.Context.APIRequest.GetAsync("/api/datasets")).TextAsync()).Contains("\"phantom\"", StringComparison.Ordinal)) return;
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
        Assert.Fail("The phantoms are not there after five minutes.");
    }

    private static async Task SolveTheChaptersAsync(IPage page)
    {
        var answers = new TaskAnswers(page);
        await page.GotoAsync("/guide/the-problem");
        await answers.SolveAllAsync();
        for (var chapter = 2; chapter <= 10; chapter++)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = $"Next: chapter {chapter}" }).ClickAsync();
            await Expect(page.GetByText($"Chapter {chapter} of 10")).ToBeVisibleAsync();
            if (chapter == 3) await MissAsync(page, answers);
            if (await page.Locator("section[id^=task-]").CountAsync() > 0) await answers.SolveAllAsync();
        }
    }

    private static async Task MissAsync(IPage page, TaskAnswers answers)
    {
        await Expect(answers.Of("parameters").Locator("form")).ToBeVisibleAsync();
        await Expect(page.GetByText("Hint.")).ToHaveCountAsync(0);
        await answers.TryAsync("parameters", "1");
        await Expect(answers.Of("parameters").GetByText("Not quite.")).ToBeVisibleAsync();
        await Expect(answers.Of("parameters").GetByText("One kernel has height × width").First).ToBeVisibleAsync();
    }

    private static async Task WriteThroughALostConnectionAsync(IPage page)
    {
        IWebSocketRoute? circuit = null;
        await page.RouteWebSocketAsync(new Regex("/_blazor"), socket => { circuit = socket; socket.ConnectToServer(); });
        await OpenQuestionAsync(page);
        await Box(page).FillAsync(Before);
        await Expect(State(page)).ToContainTextAsync("Saved at");

        await CutAsync(page);
        if (circuit is not null) await circuit.CloseAsync();
        await Box(page).PressSequentiallyAsync(Meanwhile);
        await Expect(State(page)).ToContainTextAsync("No connection: kept in this browser, will be sent.");

        // The pages answer again, saving does not yet.
        await page.RouteAsync("**/api/answers/**", route => route.AbortAsync());
        await ConnectAsync(page);
        await page.ReloadAsync();
        await Expect(Box(page)).ToHaveValueAsync(Before + Meanwhile);
        await Expect(State(page)).ToContainTextAsync("No connection");

        await page.UnrouteAsync("**/api/answers/**");
        await Expect(State(page)).ToContainTextAsync("Saved at");
        await page.EvaluateAsync("() => localStorage.clear()");
        await page.ReloadAsync();
        await Expect(Box(page)).ToHaveValueAsync(Before + Meanwhile);
        // Text alone is no answer: the pinned view comes next.
        await Expect(page.Locator("#question-failures")).ToContainTextAsync("counts as answered when at least one view is pinned");
        await Expect(Sum(page)).ToHaveTextAsync("15 of 20 done");
    }

    private static async Task PinAndReopenAsync(IPage page)
    {
        await page.GotoAsync("/runs/1/explanation?index=12&class=0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pin to my answer" }).ClickAsync();
        await page.GetByLabel("Note (optional)").FillAsync("Dark everywhere.");
        await page.GetByLabel("Attach to").SelectOptionAsync("failures");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pin", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "See your pins" }).ClickAsync();

        var question = page.Locator("#question-failures");
        await Expect(question.GetByText("Dark everywhere.")).ToBeVisibleAsync();
        await Expect(Sum(page)).ToHaveTextAsync("16 of 20 done");
        await question.GetByRole(AriaRole.Link, new() { NameRegex = new("Test image 12, the reference run") }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/runs/1/explanation[?]index=12&class=0&threshold="));
        await Expect(page.Locator(".film").First).ToContainTextAsync("Test image 12");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "DOES NOT have" })).ToBeCheckedAsync();
    }

    private static async Task LeaveAndComeBackAsync(IPage page)
    {
        await OpenQuestionAsync(page, "looking-at");
        // By the page itself: while the question is being drawn anew there is nothing that stands still.
        await page.Locator("#question-looking-at").EvaluateAsync("question => question.scrollIntoView({ block: 'center' })");
        await page.WaitForTimeoutAsync(1500);       // the place is kept once the reader rests there
        await page.GotoAsync("/runs");
        await page.GotoAsync("/");
        await page.WaitForURLAsync(new Regex("/guide/where-it-fails#question-looking-at"));
        await Expect(page.Locator("#question-looking-at")).ToBeInViewportAsync();
    }

    private static async Task OpenQuestionAsync(IPage page, string question = "failures")
    {
        await page.GotoAsync($"/guide/where-it-fails#question-{question}");
        await Expect(page.Locator($"#question-{question}").GetByText("pins", new() { Exact = false }).Or(page.Locator($"#question-{question} .pins")).First).ToBeVisibleAsync();
    }

    private static Task CutAsync(IPage page) => page.Context.SetOfflineAsync(true);

    private static Task ConnectAsync(IPage page) => page.Context.SetOfflineAsync(false);

    private static ILocator Box(IPage page) => page.Locator("#answer-failures");

    private static ILocator State(IPage page) => page.Locator("#answer-failures-state");

    private static ILocator Sum(IPage page) => page.Locator("nav .yours span");
}
