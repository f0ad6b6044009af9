using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>One evening of the instructor: who is stuck, what they wrote, what one takes home, and who leaves the class.</summary>
public sealed class InstructorJourneyTests(LabBrowser lab) : Journey(lab)
{
    private const string Answer = "The missed ones have a thin rim of air at the apex.";

    [Fact]
    public async Task Instructor_SeesWhoIsStuck_ReadsComments_ExportsAndErases()
    {
        var (mira, jonas) = (await Lab.JoinAsync("Mira Journey"), await Lab.JoinAsync("Jonas Journey"));
        await MissAsync(mira, times: 3);
        await WriteAsync(mira, Answer);
        await PinAsync(mira);

        var page = await Lab.EnterAsInstructorAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Class", Exact = true }).ClickAsync();
        await Expect(Row(page, "Mira Journey")).ToContainTextAsync("Stuck. Task 3.1, 3 misses");
        await Expect(Row(page, "Jonas Journey")).ToContainTextAsync("0 of");
        // It follows the class by itself.
        await MissAsync(jonas, times: 1);
        await Expect(Row(page, "Jonas Journey")).ToContainTextAsync("1 miss so far");

        await FindAsync(page, "mira j");
        await Expect(Row(page, "Jonas Journey")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Find a student")).ToHaveValueAsync("mira j");
        await Expect(Row(page, "Mira Journey")).ToBeVisibleAsync();

        await ReadAndCommentAsync(page, mira);
        await TakeHomeAsync(page);
        await EraseAsync(page, mira);
        await Expect(jonas.GetByText("1 try so far").First).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task ClassPages_FitAndAreAccessible(int width, ColorScheme scheme)
    {
        var name = $"Accessible {width}";
        var student = await Lab.JoinAsync(name);
        await MissAsync(student, times: 3);
        await WriteAsync(student, Answer);
        await PinAsync(student);
        var page = await Lab.EnterAsInstructorAsync(width, height: 900);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });

        List<string> problems = [];
        await page.GotoAsync("/class");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Progress" })).ToBeVisibleAsync();
        if (width < 960) await page.Locator("summary").Filter(new() { HasText = name }).ClickAsync();
        await LookAsync(page, problems);
        await page.GotoAsync("/class/questions/failures");
        await Expect(page.GetByText(Answer).First).ToBeVisibleAsync();
        await LookAsync(page, problems);
        await page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 })).ToBeVisibleAsync();
        await Expect(page.GetByText(Answer)).ToBeVisibleAsync();
        await LookAsync(page, problems);
        await page.GetByRole(AriaRole.Button, new() { Name = "Erase student" }).ClickAsync();
        await Expect(page.GetByLabel($"Type {name} to confirm")).ToBeVisibleAsync();
        await LookAsync(page, problems);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static async Task MissAsync(IPage student, int times)
    {
        await student.GotoAsync("/guide/the-network");
        var task = student.Locator("#task-parameters");
        for (var miss = 1; miss <= times; miss++)
        {
            // The page is drawn before it listens: then a reader, too, tries again.
            for (var tries = 0; ; tries++)
            {
                await task.GetByLabel("Parameters").FillAsync("1");
                await task.GetByRole(AriaRole.Button, new() { Name = "Check answer" }).ClickAsync();
                try
                {
                    await Expect(task).ToContainTextAsync(miss == 1 ? "1 try so far" : $"{miss} tries so far", new() { Timeout = 4_000 });
                    break;
                }
                catch (PlaywrightException) when (tries < 5) { }
            }
        }
    }

    private static async Task WriteAsync(IPage student, string text)
    {
        await student.GotoAsync("/guide/where-it-fails");
        var box = student.Locator("#question-failures textarea");
        await box.FillAsync(text);
        await Expect(student.Locator("#question-failures")).ToContainTextAsync("Saved");
    }

    private static async Task PinAsync(IPage student)
    {
        await student.GotoAsync("/runs/1/explanation?index=5");
        var button = student.GetByRole(AriaRole.Button, new() { Name = "Pin to my answer" });
        var pin = student.GetByRole(AriaRole.Button, new() { Name = "Pin", Exact = true });
        await Expect(button).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await button.ClickAsync();
        await pin.ClickAsync();
        await Expect(student.GetByText("Pinned.")).ToBeVisibleAsync();
    }

    private static async Task ReadAndCommentAsync(IPage page, IPage mira)
    {
        await mira.GotoAsync("/guide/where-it-fails");
        await page.GetByRole(AriaRole.Link, new() { Name = "Are its mistakes reasonable?" }).Last.ClickAsync();
        var card = page.Locator("article.review").Filter(new() { HasText = "Mira Journey" });
        await Expect(card).ToContainTextAsync(Answer);
        await Expect(card).ToContainTextAsync("unread");
        var evidence = card.GetByRole(AriaRole.Group, new() { Name = "Evidence" }).GetByRole(AriaRole.Link).First;
        Assert.Contains("/runs/1/explanation?index=5", await evidence.GetAttributeAsync("href") ?? "", StringComparison.Ordinal);

        var box = card.GetByLabel("Comment to Mira Journey");
        await box.FillAsync("Which of them would a radiologist miss?");
        await box.PressAsync("Control+Enter");
        await Expect(card).ToContainTextAsync("commented");
        await Expect(mira.GetByText("Which of them would a radiologist miss?")).ToBeVisibleAsync();

        await evidence.ClickAsync();
        // Whether or not the phantoms are drawn by then: the view is the one that was pinned.
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "INDEX", Exact = true })).ToHaveValueAsync("5");
    }

    private static async Task TakeHomeAsync(IPage page)
    {
        await page.GotoAsync("/class");
        var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Progress as CSV" }).ClickAsync());
        var lines = await File.ReadAllTextAsync(await csv.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Contains("Task 3.1 parameters (state and tries)", lines, StringComparison.Ordinal);
        Assert.Contains("stuck 03", lines.Split("\r\n").Single(line => line.StartsWith("Mira Journey", StringComparison.Ordinal)), StringComparison.Ordinal);

        await Row(page, "Mira Journey").GetByRole(AriaRole.Link, new() { Name = "Mira Journey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Mira Journey" })).ToBeVisibleAsync();
        var archive = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export as ZIP" }).ClickAsync());
        using var zip = ZipFile.OpenRead(await archive.PathAsync());
        using var answers = new StreamReader(zip.GetEntry("answers.json")!.Open());
        Assert.Contains(Answer, await answers.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task EraseAsync(IPage page, IPage mira)
    {
        var address = page.Url;
        await page.GetByRole(AriaRole.Button, new() { Name = "Erase student" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("3 tries at tasks");
        await Expect(dialog).ToContainTextAsync("1 answer in words, with 1 comment of yours and 1 pin");
        var erase = dialog.GetByRole(AriaRole.Button, new() { Name = "Erase student" });
        await dialog.GetByLabel("Type Mira Journey to confirm").FillAsync("Mira");
        await Expect(erase).ToBeDisabledAsync();
        await dialog.GetByLabel("Type Mira Journey to confirm").FillAsync("Mira Journey");
        await erase.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Mira Journey has been erased" })).ToBeVisibleAsync();

        // Her open page says so by itself; the next one asks her to join.
        await Expect(mira.GetByRole(AriaRole.Heading, new() { Name = "You are no longer in this class" })).ToBeVisibleAsync();
        await mira.GotoAsync("/guide/the-data");
        await Expect(mira).ToHaveURLAsync(new Regex("/join\\?error=erased"));
        await Expect(mira.GetByLabel("Class code")).ToBeVisibleAsync();

        await page.GotoAsync(address);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is no such student" })).ToBeVisibleAsync();
        await page.GotoAsync("/class");
        await Expect(Row(page, "Jonas Journey")).ToBeVisibleAsync();
        await Expect(Row(page, "Mira Journey")).ToHaveCountAsync(0);
    }

    private static async Task FindAsync(IPage page, string name)
    {
        var box = page.GetByLabel("Find a student");
        await box.FillAsync(name);
        await Expect(page).ToHaveURLAsync(new Regex("name=mira"));
    }

    private static async Task LookAsync(IPage page, List<string> problems)
    {
        var wider = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (wider > 0) problems.Add($"{page.Url}: {wider} px wider than the window");
        problems.AddRange((await Axe.FindFaultsAsync(page)).Select(fault => $"{page.Url}: {fault}"));
        problems.AddRange((await FocusRings.FindFaultsAsync(page)).Select(fault => $"{page.Url}: {fault}"));
    }

    private static ILocator Row(IPage page, string name) => page.Locator("tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = name }) });
}
