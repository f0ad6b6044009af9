using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Tests.Tasks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Training;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Guide;

/// <summary>Which runs a student may have as the model of the guided pages.</summary>
public sealed class CurrentModelTests
{
    [Fact]
    public async Task OwnFinishedRun_Restored_IsTheCurrentModelOfThatStudentOnly()
    {
        await using var lab = await PageLab.OpenAsync();
        var (current, other) = (Current(lab), await lab.JoinAsync("Jonas"));
        var run = await FinishedAsync(lab, lab.Student);

        await current.RestoreAsync(run.Id, lab.Student, TestContext.Current.CancellationToken);

        Assert.Equal(run.Id, (await current.FindAsync(lab.Student, TestContext.Current.CancellationToken))?.Id);
        Assert.Null(await current.FindAsync(other, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunOfAnotherStudent_CannotBeRestored()
    {
        await using var lab = await PageLab.OpenAsync();
        var current = Current(lab);
        var run = await FinishedAsync(lab, await lab.JoinAsync("Jonas"));

        await Assert.ThrowsAsync<RunNotFoundException>(() => current.RestoreAsync(run.Id, lab.Student, TestContext.Current.CancellationToken));

        Assert.Empty(await current.CandidatesAsync(lab.Student, TestContext.Current.CancellationToken));
        Assert.Null(await current.FindAsync(lab.Student, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task UnfinishedRun_CannotBeRestored_EvenWithTheEvaluationOfAnEarlierAttempt()
    {
        await using var lab = await PageLab.OpenAsync();
        var current = Current(lab);
        var waiting = await lab.LaunchAsync();
        Directory.CreateDirectory(lab.Store.FolderOf(waiting).Path);
        TaskSheets.Evaluated.Write(lab.Store.FolderOf(waiting).EvaluationPath);

        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => current.RestoreAsync(waiting.Id, lab.Student, TestContext.Current.CancellationToken));

        Assert.Contains($"Run {waiting.Id}", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await current.FindAsync(lab.Student, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunWithoutEvaluation_CannotBeRestored_NorStayTheCurrentModel()
    {
        await using var lab = await PageLab.OpenAsync();
        var current = Current(lab);
        var failed = await lab.LaunchAsync();
        await lab.EndAsync(failed, RunState.Failed);
        await Assert.ThrowsAsync<RequestRefusedException>(() => current.RestoreAsync(failed.Id, lab.Student, TestContext.Current.CancellationToken));

        var run = await FinishedAsync(lab, lab.Student);
        await current.RestoreAsync(run.Id, lab.Student, TestContext.Current.CancellationToken);
        File.Delete(lab.Store.FolderOf(run).EvaluationPath);

        Assert.Null(await current.FindAsync(lab.Student, TestContext.Current.CancellationToken));
    }

    private static CurrentModel Current(PageLab lab) => lab.Services.GetRequiredService<CurrentModel>();

    private static async Task<Run> FinishedAsync(PageLab lab, Viewer by)
    {
        var run = await lab.LaunchAsync(by: by);
        await lab.EndAsync(run, RunState.Completed);
        TaskSheets.Evaluated.Write(lab.Store.FolderOf(run).EvaluationPath);
        return run;
    }
}
