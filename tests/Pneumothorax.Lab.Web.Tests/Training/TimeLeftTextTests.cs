using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Web.Shared.Controls;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Training;

public sealed class TimeLeftWordsTests
{
    [Fact]
    public async Task TimeLeft_IsARange_WhileTheRunHasHardlyBegun_AndTheSameOnEveryPage()
    {
        await using var lab = await PageLab.OpenAsync();
        var run = await lab.LaunchAsync("Slower", new() { Steps = 100 });
        Assert.Null(TimeLeftText.Of(run, 600));

        await lab.SetAsync(run, set => set.SetProperty(row => row.State, RunState.Running).SetProperty(row => row.Step, 5).SetProperty(row => row.SecondsLeft, 600));
        Assert.Equal("8 to 13 minutes", TimeLeftText.Of((await lab.Store.FindAsync(run.Id, lab.Student, TestContext.Current.CancellationToken))!));
        await lab.SetAsync(run, set => set.SetProperty(row => row.Step, 50));
        Assert.Equal("10 min", TimeLeftText.Of((await lab.Store.FindAsync(run.Id, lab.Student, TestContext.Current.CancellationToken))!));
        // It tells nothing itself, as after a start.
        await lab.SetAsync(run, set => set.SetProperty(row => row.SecondsLeft, (double?)null));
        Assert.Equal("8 to 13 minutes", TimeLeftText.Of((await lab.Store.FindAsync(run.Id, lab.Student, TestContext.Current.CancellationToken))!, 600));
        Assert.Null(TimeLeftText.Of((await lab.Store.FindAsync(run.Id, lab.Student, TestContext.Current.CancellationToken))!, double.PositiveInfinity));
    }
}
