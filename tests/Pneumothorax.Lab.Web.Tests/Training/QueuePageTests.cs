using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Hosts;
using Pneumothorax.Lab.Web.Queue;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Training;

public sealed class QueuePageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly Viewer s_instructor = new(900, "Instructor", IsInstructor: true);

    [Fact]
    public async Task Student_SeesWhereOthersStand_ButNotWhoTheyAre()
    {
        await using var lab = await PageLab.OpenAsync();
        await lab.LaunchAsync("Jonas tries Adam", by: await lab.JoinAsync("Jonas"));
        await lab.LaunchAsync("Mira tries more");

        var page = lab.Render<QueuePage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count), s_patience);
        Assert.Contains("Another student's run", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Mira tries more", page.Find("tr.own").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Jonas", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Pause", page.Markup, StringComparison.Ordinal);
        Assert.Contains("No worker is running", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instructor_MovesPausesAndLetsGoOn()
    {
        await using var lab = await PageLab.OpenAsync();
        await lab.LaunchAsync("First", by: await lab.JoinAsync("Jonas"));
        var second = await lab.LaunchAsync("Second");
        lab.SignIn(s_instructor);
        var page = lab.Render<QueuePage>();
        page.WaitForElement($"button[aria-label='Move run {second.Id} up']", s_patience).Click();

        page.WaitForAssertion(() => Assert.Contains("Second", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal), s_patience);
        Assert.Contains("set by the instructor", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Equal($"Run {second.Id} is now 1st in the queue.", page.Find("p[role=status]").TextContent);

        page.Find("form.pause input").Input("Back at three");
        page.Find("form.pause").Submit();
        page.WaitForAssertion(() => Assert.Contains(": Back at three.", page.Markup, StringComparison.Ordinal), s_patience);
        page.Find(".error button").Click();
        page.WaitForAssertion(() => Assert.DoesNotContain("Back at three", page.Markup, StringComparison.Ordinal), s_patience);
    }

    [Fact]
    public async Task Instructor_TakesARunOutOfTheLine()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync();
        lab.SignIn(s_instructor);
        var dialogs = lab.Render<MudDialogProvider>();
        var page = lab.Render<QueuePage>();

        page.WaitForElement($"button[aria-label='Remove run {run.Id} from the queue']", s_patience).Click();
        dialogs.WaitForElement("button.danger", s_patience).Click();

        page.WaitForAssertion(() => Assert.Contains("No runs are waiting", page.Markup, StringComparison.Ordinal), s_patience);
    }

    [Fact]
    public async Task Hosts_NoneIsUp_SaysHowToStartOne()
    {
        await using var lab = await PageLab.OpenAsync();

        var page = lab.Render<HostsPage>();

        page.WaitForAssertion(() => Assert.Contains("lab worker --data-directory", page.Markup, StringComparison.Ordinal), s_patience);
    }

    [Fact]
    public async Task RunUnderWay_InstructorGivesItMoreTime()
    {
        await using var lab = await PageLab.OpenAsync("""echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'; read line""");
        var run = await lab.LaunchAsync();
        lab.SignIn(s_instructor);
        var page = lab.Render<QueuePage>();

        var limit = page.WaitForElement($"select[aria-label='Time limit of run {run.Id}']", s_patience);
        Assert.Equal("180", limit.GetAttribute("value"));
        limit.Change("240");

        page.WaitForAssertion(() => Assert.Equal("240", page.Find($"select[aria-label='Time limit of run {run.Id}']").GetAttribute("value")), s_patience);
        var row = (await lab.Services.GetRequiredService<QueueReader>().ReadAsync(Xunit.TestContext.Current.CancellationToken)).Runs[run.Id];
        Assert.Equal(240, row.MinutesAllowed);
    }
}
