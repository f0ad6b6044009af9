using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Queue;
using Pneumothorax.Lab.Web.Shared.Controls;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Training;

public sealed class TimeNoticeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task RunNearItsLimit_IsSaidToItsOwnerOnEveryPageButItsOwn_AndToNobodyElse()
    {
        await using var lab = await PageLab.OpenAsync("""
            echo '{"event":"started","fromStep":0,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
            read line
            """);
        var run = await lab.LaunchAsync("Slow one");
        await WaitForSlotAsync(lab, run);
        await using var db = await lab.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var began = DateTimeOffset.UtcNow.AddMinutes(-50);
        await db.Runs.ExecuteUpdateAsync(set => set.SetProperty(row => row.AttemptAt, began).SetProperty(row => row.MinutesAllowed, 60), TestContext.Current.CancellationToken);

        var notice = Render(lab);
        notice.WaitForAssertion(() => Assert.Contains("Slow one (run 1) has about 10 minutes left.", notice.Markup), s_patience);
        Assert.Equal("/runs/1", notice.Find("[role=status] a").GetAttribute("href"));

        await notice.InvokeAsync(() => lab.Services.GetRequiredService<NavigationManager>().NavigateTo("/runs/1"));
        notice.WaitForAssertion(() => Assert.DoesNotContain("Slow one", notice.Markup), s_patience);

        await notice.InvokeAsync(() => lab.Services.GetRequiredService<NavigationManager>().NavigateTo("/guide"));
        lab.SignIn(await lab.JoinAsync("Jonas"));
        var others = Render(lab);
        await Task.Delay(500, TestContext.Current.CancellationToken);        // it looks at once
        Assert.DoesNotContain("Slow one", others.Markup);
    }

    private static IRenderedComponent<TimeNotice> Render(PageLab lab) => lab.Render<TimeNotice>(
        parameters => parameters.AddCascadingValue(lab.Services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()));

    private static async Task WaitForSlotAsync(PageLab lab, Run run)
    {
        for (var attempt = 0; (await lab.Store.GetAsync(run.Id, lab.Student, TestContext.Current.CancellationToken)).FromStep is null; attempt++)
        {
            Assert.True(attempt < 400, "The run does not start.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
