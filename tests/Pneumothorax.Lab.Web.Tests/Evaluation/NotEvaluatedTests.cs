using Bunit;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Evaluation;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

public sealed class NotEvaluatedTests : BunitContext
{
    [Theory]
    [InlineData(RunState.Queued, "The run is waiting in the queue", "Watch it train")]
    [InlineData(RunState.Running, "The run is still training", "It appears automatically when the run ends.")]
    [InlineData(RunState.Failed, "Run 18 failed before it was evaluated", "The loss became infinite at step 340.")]
    [InlineData(RunState.Canceled, "Run 18 was canceled before it was evaluated", "Resume or evaluate it on its page")]
    [InlineData(RunState.Interrupted, "Run 18 was interrupted before it was evaluated", "The 340 steps so far are kept.")]
    public void Show_State_SaysWhyAndWhatNext(RunState state, string title, string more)
    {
        var run = new Run { Id = 18, Name = "Run 18", Dataset = "sample", Network = "lite" };
        // Only the agent sets these in the portal.
        Set(run, nameof(Run.State), state);
        Set(run, nameof(Run.Step), state == RunState.Queued ? 0 : 340);
        Set(run, nameof(Run.Message), state == RunState.Failed ? "The loss became infinite at step 340." : null);

        var note = Render<NotEvaluated>(parameters => parameters.Add(view => view.Run, run).Add(view => view.What, "The ROC curve appears here."));

        Assert.Equal(title, note.Find(".what, h3").TextContent.Trim());
        Assert.Contains(more, note.Markup, StringComparison.Ordinal);
        Assert.Equal("/runs/18", note.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void Show_RunWhoseFolderWasRemoved_PromisesNothing()
    {
        var run = new Run { Id = 18, Name = "Run 18", Dataset = "sample", Network = "lite" };
        Set(run, nameof(Run.State), RunState.Failed);
        Set(run, nameof(Run.Step), 340);

        var note = Render<NotEvaluated>(parameters => parameters.Add(view => view.Run, run).Add(view => view.IsGone, true));

        Assert.DoesNotContain("kept", note.Markup, StringComparison.Ordinal);
        Assert.Equal("See the run", note.Find("a").TextContent);
    }

    private static void Set(Run run, string property, object? value) => typeof(Run).GetProperty(property)!.SetValue(run, value);
}
