using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Training;

public sealed class RunListPageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task NoRun_SaysWhatWillAppearAndOffersOne()
    {
        await using var lab = await PageLab.OpenAsync();

        var page = lab.Render<RunListPage>();

        page.WaitForAssertion(() => Assert.Equal("/runs/new?preset=quick", page.Find(".empty a").GetAttribute("href")), s_patience);
    }

    [Fact]
    public async Task Assistant_IsOfferedToDeleteHisOwnRunsOnly()
    {
        await using var lab = await PageLab.OpenAsync();
        var assistant = await lab.JoinAsync("Tess") with { IsAssistant = true };
        var (his, theirs) = (await lab.LaunchAsync("His", by: assistant), await lab.LaunchAsync("Theirs"));
        foreach (var run in (Run[])[his, theirs]) await lab.EndAsync(run, RunState.Completed);
        lab.SignIn(assistant);

        var page = lab.Render<RunListPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count), s_patience);
        Assert.Equal(["Delete His"], page.FindAll("button[title=Delete]").Select(button => button.GetAttribute("aria-label")));
    }

    [Fact]
    public async Task RunLaunchedElsewhere_AppearsByItself()
    {
        await using var lab = await PageLab.OpenAsync();
        var page = lab.Render<RunListPage>();
        page.WaitForElement(".empty", s_patience);

        await lab.LaunchAsync("From the API");

        page.WaitForAssertion(() => Assert.Contains("From the API", page.Find("tbody").TextContent), s_patience);
        page.WaitForAssertion(() => Assert.Contains("1st in the queue", page.Find("tbody").TextContent), s_patience);
    }

    [Fact]
    public async Task TickedRuns_AreInTheAddressAndInTheComparison()
    {
        await using var lab = await PageLab.OpenAsync();
        await lab.LaunchAsync();
        await lab.LaunchAsync();
        var page = lab.Render<RunListPage>();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count), s_patience);

        page.FindAll("input[type=checkbox]")[0].Change(true);
        page.FindAll("input[type=checkbox]")[1].Change(true);

        page.WaitForAssertion(() => Assert.Equal("/compare?runs=2,1", page.Find(".actions a").GetAttribute("href")), s_patience);
        Assert.Contains("runs=2", lab.Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public async Task Instructor_SeesWhoseRunsTheyAre_StudentsOnlyTheirOwn()
    {
        await using var lab = await PageLab.OpenAsync();
        var jonas = await lab.JoinAsync("Jonas");
        await lab.LaunchAsync(by: jonas);
        await lab.LaunchAsync();

        var student = lab.Render<RunListPage>();
        student.WaitForAssertion(() => Assert.Single(student.FindAll("tbody tr")), s_patience);
        Assert.DoesNotContain("Jonas", student.Markup);

        lab.SignIn(new Viewer(jonas.MemberId, "Teacher", IsInstructor: true));
        var instructor = lab.Render<RunListPage>();
        instructor.WaitForAssertion(() => Assert.Equal(2, instructor.FindAll("tbody tr").Count), s_patience);
        Assert.Contains("Mira", instructor.Markup);
    }

    [Fact]
    public async Task FinishedRunWithoutEvaluation_CanBeDeletedOnlyWhenItIsOver()
    {
        await using var lab = await PageLab.OpenAsync();
        var over = await lab.LaunchAsync("Over");
        await lab.EndAsync(over, RunState.Completed);
        await lab.LaunchAsync("Waiting");

        var page = lab.Render<RunListPage>();

        page.WaitForAssertion(() => Assert.Equal("Delete Over", Assert.Single(page.FindAll(".icon-button")).GetAttribute("aria-label")), s_patience);
    }
}
