using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>An instructor brings NIH's folder in from the page: finds it, is told what it is, starts, looks at the images and at what was left out, and retires them.</summary>
public sealed class ImportJourneyTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public async Task Instructor_BringsAFolderIn_AndLooksAtWhatCameOfIt()
    {
        var miniature = Path.GetFullPath(Path.Combine(Tool.Root, "..", "shared", "data", "nih-mini"));
        Assert.SkipUnless(Directory.Exists(miniature), "The folder of NIH in miniature is not on this machine.");
        var page = await Lab.EnterAsInstructorAsync();
        await page.GotoAsync("/data/import");
        await Expect(page.GetByText("The folder is empty.")).ToBeVisibleAsync();

        CopyFolder(miniature, Path.Combine(Lab.Portal.DataDirectory, "incoming", "download"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("download NIH ChestX-ray14") })).ToBeVisibleAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mini");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the import" }).ClickAsync();
        // Names are parts of addresses: what is refused stands at the form, and nothing that was typed is lost.
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Mini");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("mini");
        await page.GetByLabel("Licence", new() { Exact = true }).FillAsync("For this course alone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the import" }).ClickAsync();

        var images = page.GetByRole(AriaRole.Link, new() { Name = "Look at the images" });
        await Expect(images).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.GetByText("Cannot be read").Or(page.GetByText("the file is missing")).First).ToBeVisibleAsync();
        await images.ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("/data/mini"));
        await Expect(page.Locator(".film img").First).ToBeVisibleAsync();
        await Expect(page.GetByText("For this course alone").First).ToBeVisibleAsync();
        await page.GotoAsync("/audit");
        await Expect(page.GetByText("NIH ChestX-ray14 from download").First).ToBeVisibleAsync();

        // Real X-rays become the class's images; retired, they no longer are, and the next journey finds the guide as it was.
        await page.GotoAsync("/data/mini/survey");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retire it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Offer it again" })).ToBeVisibleAsync();
        await CourseJourneyTests.WaitForPhantomsAsync(page);
        await page.GotoAsync("/guide/the-data");
        await Expect(page.Locator("a[href^='/data/']").Filter(new() { HasText = "All images of" })).ToBeVisibleAsync();
        await Expect(page.Locator("a[href='/data/mini']")).ToHaveCountAsync(0);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
