using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Tests.Tasks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Guide.Tasks;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Tests.Training;

namespace Pneumothorax.Lab.Web.Tests.Guide.Tasks;

/// <summary>A task on the page: what stands there after each try.</summary>
public sealed class StudentTaskTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Misses_BringTheHint_AndAfterTheThirdTheExplanation()
    {
        await using var lab = await PageLab.OpenAsync();
        var task = Show(lab, "parameters");
        Assert.Empty(task.FindAll(".hint"));

        Answer(task, "1");
        task.WaitForAssertion(() => Assert.Equal("1 try so far", task.Find(".tries").TextContent), s_patience);
        Assert.Contains("Not quite.", task.Find(".verdict").TextContent, StringComparison.Ordinal);
        Assert.Contains("One kernel has height × width", task.Find(".verdict").TextContent, StringComparison.Ordinal);

        Answer(task, "2");
        task.WaitForAssertion(() => Assert.Equal("2 tries so far", task.Find(".tries").TextContent), s_patience);
        Assert.Empty(task.FindAll(".explained"));

        Answer(task, "3");
        task.WaitForAssertion(() => Assert.Contains("The answer, explained", task.Find(".explained").TextContent, StringComparison.Ordinal), s_patience);
    }

    [Fact]
    public async Task RightAnswer_IsSolvedAtItsTry_AndStillAfterAReload()
    {
        await using var lab = await PageLab.OpenAsync();
        var task = Show(lab, "parameters");
        Answer(task, "1");
        task.WaitForAssertion(() => Assert.Equal("1 try so far", task.Find(".tries").TextContent), s_patience);

        var again = Show(lab, "parameters");
        again.WaitForAssertion(() => Assert.Equal("1 try so far", again.Find(".tries").TextContent), s_patience);
        Assert.Contains("Hint.", again.Find(".verdict").TextContent, StringComparison.Ordinal);

        Answer(again, RightNumber(again));
        again.WaitForAssertion(() => Assert.Equal("Solved at the second try", again.Find(".tries").TextContent), s_patience);
        Assert.Empty(again.FindAll("form"));
        // The same student's other window follows.
        task.WaitForAssertion(() => Assert.Equal("Solved at the second try", task.Find(".tries").TextContent), s_patience);

        var later = Show(lab, "parameters");
        later.WaitForAssertion(() => Assert.Equal("Solved at the second try", later.Find(".tries").TextContent), s_patience);
        Assert.NotEmpty(later.FindAll("details"));
    }

    [Fact]
    public async Task EmptyAnswer_IsNoTry()
    {
        await using var lab = await PageLab.OpenAsync();
        var task = Show(lab, "parameters");

        Answer(task, " ");
        task.WaitForAssertion(() => Assert.Contains("Fill in “Parameters” first", task.Find(".verdict").TextContent, StringComparison.Ordinal), s_patience);
        Assert.Equal("", task.Find(".tries").TextContent);
        Assert.Empty(task.FindAll(".hint"));

        Answer(task, "1");
        task.WaitForAssertion(() => Assert.Equal("1 try so far", task.Find(".tries").TextContent), s_patience);
    }

    [Fact]
    public async Task SolvedTask_KeepsItsQuestionAndTheAnswerGiven()
    {
        await using var lab = await PageLab.OpenAsync();
        var task = Show(lab, "parameters");
        var (ask, right) = (task.Find(".ask").TextContent, RightNumber(task));

        Answer(task, right + " parameters");
        task.WaitForAssertion(() => Assert.Equal("Solved at the first try", task.Find(".tries").TextContent), s_patience);
        Assert.Equal(ask, task.Find(".ask").TextContent);
        Assert.Contains($"Your answer: {right} parameters", task.Markup, StringComparison.Ordinal);

        var later = Show(lab, "parameters");
        later.WaitForAssertion(() => Assert.Contains($"Your answer: {right} parameters", later.Markup, StringComparison.Ordinal), s_patience);
        Assert.Equal(ask, later.Find(".ask").TextContent);
    }

    [Fact]
    public async Task TaskAboutAModel_WaitsForOne_AndIsPutOnceItIsRestored()
    {
        await using var lab = await PageLab.OpenAsync();
        var task = Show(lab, "restored-model");
        task.WaitForAssertion(() => Assert.Contains("needs a trained model", task.Find(".waits").TextContent, StringComparison.Ordinal), s_patience);

        var run = await lab.LaunchAsync();
        await lab.EndAsync(run, RunState.Completed);
        TaskSheets.Evaluated.Write(lab.Store.FolderOf(run).EvaluationPath);
        await task.InvokeAsync(() => lab.Services.GetRequiredService<CurrentModel>().RestoreAsync(run.Id, lab.Student));

        task.WaitForAssertion(() => Assert.Contains($"run {run.Id}", task.Find(".ask").TextContent, StringComparison.Ordinal), s_patience);
        Assert.Equal(2, task.FindAll("form input").Count);

        // News of the same model must not take away what is being typed; another model's task begins empty.
        task.Find("form input").Input("clear, 0.4");
        await task.InvokeAsync(() => lab.Services.GetRequiredService<CurrentModel>().RestoreAsync(run.Id, lab.Student));
        var other = await lab.LaunchAsync();
        await lab.EndAsync(other, RunState.Completed);
        TaskSheets.Evaluated.Write(lab.Store.FolderOf(other).EvaluationPath);
        task.Render();
        Assert.Equal("clear, 0.4", task.Find("form input").GetAttribute("value"));
        await task.InvokeAsync(() => lab.Services.GetRequiredService<CurrentModel>().RestoreAsync(other.Id, lab.Student));
        task.WaitForAssertion(() => Assert.Contains($"run {other.Id}", task.Find(".ask").TextContent, StringComparison.Ordinal), s_patience);
        Assert.Equal("", task.Find("form input").GetAttribute("value") ?? "");
    }

    [Fact]
    public async Task WhatTheBrowserKept_StandsInTheBoxesAgain()
    {
        await using var lab = await PageLab.OpenAsync();
        lab.JSInterop.Setup<string?[]?>("lab.keptFields", call => (string?)call.Arguments[0] == "task:parameters").SetResult(["29", "of another form"]);

        var task = Show(lab, "parameters");

        task.WaitForAssertion(() => Assert.Equal("29", task.Find("form input").GetAttribute("value")), s_patience);
        Assert.Equal("task:parameters", task.Find("form").GetAttribute("data-keep"));
        Assert.NotEmpty(task.Find("form").GetAttribute("data-keep-about") ?? "");
    }

    private static IRenderedComponent<StudentTask> Show(PageLab lab, string name)
    {
        var task = lab.Render<StudentTask>(parameters => parameters.Add(x => x.Name, name));
        task.WaitForElement(".tries", s_patience);
        task.WaitForState(() => task.FindAll("form, .waits, details").Count > 0, s_patience);
        return task;
    }

    private static void Answer(IRenderedComponent<StudentTask> task, string typed)
    {
        task.Find("form input").Input(typed);
        task.Find("form").Submit();
    }

    private static string RightNumber(IRenderedComponent<StudentTask> task)
    {
        var ask = task.Find(".ask").TextContent;
        var numbers = TaskSheets.NumbersIn(ask[ask.IndexOf("takes maps of", StringComparison.Ordinal)..]);
        return $"{(numbers[0] * numbers[2] * numbers[3] + 1) * numbers[1]}";
    }
}
