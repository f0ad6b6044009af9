using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Training;

namespace Pneumothorax.Lab.Web.Tests.Training;

public sealed class SpeedEstimateTests
{
    private static readonly Hyperparameters s_settings = new() { Steps = 600, BatchSize = 15 };

    [Fact]
    public void Of_WithoutEarlierRuns_GuessesNothing() => Assert.Null(SpeedEstimate.Of(s_settings, [double.NaN, 0]));

    [Fact]
    public void Of_EarlierRuns_TakesTheMedianSpeedAndTheRange()
    {
        var estimate = SpeedEstimate.Of(s_settings, [100, 50, 75])!;

        Assert.Equal(TimeSpan.FromSeconds(120), estimate.Typical);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(180)), (estimate.Least, estimate.Most));
        Assert.Equal(3, estimate.Runs);
    }

    [Fact]
    public void Of_ManyRuns_TrustsTheNewest()
    {
        double[] speeds = [.. Enumerable.Repeat(90.0, SpeedEstimate.MostRuns), 1, 1, 1];

        Assert.Equal(TimeSpan.FromSeconds(100), SpeedEstimate.Of(s_settings, speeds)!.Most);
    }
}
