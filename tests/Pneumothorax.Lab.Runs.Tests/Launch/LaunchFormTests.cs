using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Launch;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Launch;

public sealed class LaunchFormTests
{
    private static readonly Run s_source = new()
    {
        Id = 17,
        Name = "Earlier",
        Dataset = "xray",
        Network = "lab",
        Hyperparameters = new() { LearningRate = 0.02, Steps = 900 },
    };

    [Fact]
    public void New_IsTheQuickLookWithoutChanges()
    {
        var form = new LaunchForm { Dataset = "xray" };

        Assert.Equal((Preset.Quick.Hyperparameters, NetworkSpec.Lite), (form.Hyperparameters, form.Network));
        Assert.Equal("Nothing differs from \"Quick look\".", form.Difference);
        Assert.Empty(form.Problems);
    }

    [Fact]
    public void StartFromTheNotebook_HasTheExercisesSettings()
    {
        var form = new LaunchForm { Dataset = "xray" };

        form.StartFrom(Preset.Notebook);

        Assert.Equal(NetworkSpec.Lab, form.Network);
        Assert.Equal(new() { BatchSize = 15, LearningRate = 0.05, Optimizer = Optimizer.Nesterov, Momentum = 0.9, Steps = 1_000_000, Shuffle = false }, form.Hyperparameters);
    }

    [Fact]
    public void StartFromSource_TakesItsSettingsAndMarksWhatIsChangedAfterwards()
    {
        var form = new LaunchForm { Source = s_source, Dataset = "phantom" };

        form.StartFromSource(["xray", "phantom"]);
        form.Hyperparameters = form.Hyperparameters with { LearningRate = 0.01 };
        form.Network = NetworkSpec.Lite;

        Assert.Equal("xray", form.Dataset);
        Assert.Equal("was 0.02", form.Mark(Ranges.LearningRate));
        Assert.Null(form.Mark(Ranges.Steps));
        Assert.Equal("was Lab", form.NetworkMark);
        Assert.Equal("Two settings differ from run 17.", form.Difference);
        Assert.Equal(17, form.ToRequest().CopiedFromId);
    }

    [Fact]
    public void StartFromSource_WhoseImagesAreGone_CountsOtherImagesAsADifference()
    {
        var form = new LaunchForm { Source = s_source, Dataset = "phantom" };

        form.StartFromSource(["phantom"]);

        Assert.Equal("phantom", form.Dataset);
        Assert.Equal("One setting differs from run 17.", form.Difference);
    }

    [Fact]
    public void StartFrom_AfterACopy_ForgetsTheRunButKeepsImagesAndName()
    {
        var form = new LaunchForm { Source = s_source, Dataset = "xray", Name = "Mine" };
        form.StartFromSource(["xray"]);

        form.StartFrom(Preset.Notebook);

        Assert.Equal(new RunRequest("Mine", "xray", "lab", Preset.Notebook.Hyperparameters) { IdempotencyKey = form.IdempotencyKey }, form.ToRequest());
    }

    [Fact]
    public void ToRequest_WithProblems_IsRefusedWithAllOfThem()
    {
        var form = new LaunchForm { Hyperparameters = new() { BatchSize = 0 } };

        Assert.Equal(["Choose the images first.", "Batch size must be from 1 to 128, not 0."], form.Problems);
        Assert.Throws<InvalidOperationException>(form.ToRequest);
    }
}
