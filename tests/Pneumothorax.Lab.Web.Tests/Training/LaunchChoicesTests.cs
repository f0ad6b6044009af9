using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Launch;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Launch;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Training;

/// <summary>What the launch form says of the choices beside numbers: lists, switches, epochs, the rate's curve, cautions.</summary>
public sealed class LaunchChoicesTests
{
    private static LaunchForm Copy(Hyperparameters hyperparameters)
    {
        var form = new LaunchForm
        {
            Source = new Run { Id = 17, Name = "Earlier", Dataset = "xray", Network = "lite", Hyperparameters = hyperparameters },
            Dataset = "xray",
            TrainingImages = 100,
        };
        form.StartFromSource(["xray"]);
        return form;
    }

    [Fact]
    public void Problems_BatchNormalizationOfOneValue_IsRefusedBeforeTheStart()
    {
        var form = Copy(new() { BatchSize = 1, InputSize = 64, Blocks = 5 });
        form.Network = NetworkSpec.Residual;

        Assert.Contains("batch normalization has only one value", Assert.Single(form.Problems), StringComparison.Ordinal);
        form.Hyperparameters = form.Hyperparameters with { Normalization = Normalization.Group };
        Assert.Empty(form.Problems);
        form.Hyperparameters = form.Hyperparameters with { Normalization = null, BatchSize = 2 };
        Assert.Empty(form.Problems);
    }

    [Fact]
    public void Mark_OfListsAndSwitches_SaysWhatTheyWere_AndCountsThem()
    {
        var form = Copy(new());

        form.Hyperparameters = form.Hyperparameters with { Schedule = Schedule.Cosine, Flip = true };

        Assert.Equal("was constant", form.Mark(Ranges.Schedule));
        Assert.Equal("was off", form.Mark(Ranges.Flip));
        Assert.Null(form.Mark(Ranges.Optimizer));
        Assert.Equal("Two settings differ from run 17.", form.Difference);
    }

    [Fact]
    public void Difference_DoesNotCountWhatNoLongerMatters()
    {
        var form = Copy(new() { Momentum = 0.95 });

        form.Hyperparameters = form.Hyperparameters with { Optimizer = Optimizer.Adam };        // has no momentum of its own

        Assert.Equal("One setting differs from run 17.", form.Difference);
    }

    [Fact]
    public void CountInEpochs_KeepsTheLength_AndBack()
    {
        var form = Copy(new() { Steps = 20, BatchSize = 15 });

        form.CountInEpochs(true);
        Assert.Equal(3, form.Hyperparameters.Epochs);
        Assert.Equal(20, form.Resolved.Steps);
        Assert.Null(form.Mark(Ranges.Steps));

        form.CountInEpochs(false);
        Assert.Equal((20, null), (form.Hyperparameters.Steps, form.Hyperparameters.Epochs));
    }

    [Fact]
    public void RateChart_OfWarmUpAndCosine_RisesThenFalls_BesideTheCopiedRunsLine()
    {
        var chart = RateChart.Of(new() { LearningRate = 0.02, Steps = 1200, Schedule = Schedule.Cosine, WarmUpSteps = 100 }, new() { Steps = 1200 }, "run 17");

        var (before, now) = (chart.Series[0], chart.Series[1]);
        Assert.All(before.Y, rate => Assert.Equal(0.05, rate));
        Assert.Equal(("dot", "run 17"), (before.Dash, before.Name));
        Assert.Equal(0.02, now.Y.Max(), 1e-9);
        Assert.Equal(100, now.X[now.Y.Index().MaxBy(item => item.Item).Index]);
        Assert.InRange(now.Y[^1], 0, 0.0001);
        Assert.Single(RateChart.Of(new(), new(), "run 17").Series);        // nothing to compare
    }

    [Fact]
    public void RateChart_InSteps_ShowsBothSidesOfAJump()
    {
        var line = RateChart.Of(new() { LearningRate = 1, Steps = 5000, Schedule = Schedule.Step, StepEvery = 1234, StepFactor = 0.1 }).Series[0];

        Assert.Equal(1, line.Y[line.X.ToList().IndexOf(1234)]);
        Assert.Equal(0.1, line.Y[line.X.ToList().IndexOf(1235)], 1e-12);
    }

    [Fact]
    public void Cautions_NameKnownTraps_AndStaySilentWithoutOne()
    {
        var normalized = NetworkSpec.Lite with { Normalization = Normalization.Group };

        Assert.Empty(Cautions.Of(normalized, new() { Optimizer = Optimizer.Adam, LearningRate = 0.001 }, onCpu: true));
        Assert.Contains("same answer", Assert.Single(Cautions.Of(NetworkSpec.Lite, new() { LearningRate = 0.01 }, onCpu: true)));
        Assert.Contains("diverge", Assert.Single(Cautions.Of(NetworkSpec.Lite, new() { BatchSize = 4 }, onCpu: true)));
        Assert.Contains("go silent", Assert.Single(Cautions.Of(normalized, new() { Optimizer = Optimizer.Adam, LearningRate = 0.05 }, onCpu: true)));
        Assert.Contains("TF32", Assert.Single(Cautions.Of(normalized, new() { Precision = Precision.TF32 }, onCpu: true)));
        Assert.Empty(Cautions.Of(normalized, new() { Precision = Precision.TF32 }, onCpu: false));
    }
}
