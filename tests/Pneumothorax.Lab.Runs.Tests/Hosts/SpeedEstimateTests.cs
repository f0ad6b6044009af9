using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Hosts;

namespace Pneumothorax.Lab.Runs.Tests.Hosts;

public sealed class SpeedEstimateTests
{
    private static readonly Hyperparameters s_settings = new() { Steps = 600, BatchSize = 15 };

    private static IEnumerable<HostSpeed> Lite(params double[] speeds) => speeds.Select(speed => new HostSpeed(NetworkSpec.Lite, speed));

    [Fact]
    public void Of_WithoutEarlierRuns_GuessesNothing() => Assert.Null(SpeedEstimate.Of(NetworkSpec.Lite, s_settings, Lite(double.NaN, 0)));

    [Fact]
    public void Of_EarlierRuns_TakesTheMedianSpeedAndTheRange()
    {
        var estimate = SpeedEstimate.Of(NetworkSpec.Lite, s_settings, Lite(100, 50, 75))!;

        Assert.Equal(TimeSpan.FromSeconds(120), estimate.Typical);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(180)), (estimate.Least, estimate.Most));
        Assert.Equal((3, EstimateBasis.SameNetwork), (estimate.Runs, estimate.Basis));
    }

    [Fact]
    public void Of_ManyRuns_TrustsTheNewest()
    {
        double[] speeds = [.. Enumerable.Repeat(90.0, SpeedEstimate.MostRuns), 1, 1, 1];

        Assert.Equal(TimeSpan.FromSeconds(100), SpeedEstimate.Of(NetworkSpec.Lite, s_settings, Lite(speeds))!.Most);
    }

    [Fact]
    public void Of_ANetworkThatNeverRan_GuessesByItsWork_WithDoubtBothWays()
    {
        var twice = NetworkSpec.Lite.With(new() { Width = 32 });
        var work = (double)twice.TrainingMultiplyAdds / NetworkSpec.Lite.TrainingMultiplyAdds;

        var estimate = SpeedEstimate.Of(twice, s_settings, Lite(100))!;

        Assert.Equal(90 * work, estimate.Typical.TotalSeconds, 1e-3);
        Assert.True(estimate.Least < estimate.Typical && estimate.Typical < estimate.Most);
        Assert.Equal(EstimateBasis.OtherNetworks, estimate.Basis);
    }

    [Fact]
    public void Of_AShortMeasurement_CountsUntilARunHasFinished()
    {
        var calibration = new HostSpeed(NetworkSpec.Lite, 50);

        Assert.Equal(EstimateBasis.Calibration, SpeedEstimate.Of(NetworkSpec.Lite, s_settings, [], calibration)!.Basis);
        Assert.Equal(TimeSpan.FromSeconds(90), SpeedEstimate.Of(NetworkSpec.Lite, s_settings, Lite(100), calibration)!.Typical);
    }

    [Fact]
    public void Of_OneOddRun_CountsLessThanTheOthers_AndNewerOnesMore()
    {
        Assert.Equal(TimeSpan.FromSeconds(90), SpeedEstimate.Of(NetworkSpec.Lite, s_settings, Lite(100, 100, 5))!.Typical);
        // The host has changed: four newer runs outweigh five older ones.
        Assert.Equal(TimeSpan.FromSeconds(90), SpeedEstimate.Of(NetworkSpec.Lite, s_settings, Lite(100, 100, 100, 100, 50, 50, 50, 50, 50))!.Typical);
        Assert.StartsWith("1 to 2 minutes, from the one run", SpeedEstimate.Of(NetworkSpec.Lite, s_settings, Lite(100))!.Doubts, StringComparison.Ordinal);
    }

    [Fact]
    public void ShareOf_WhileOthersContend_IsWhatTheNewestRunsGot()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        HostSpeed[] speeds = [.. new[] { 0.1, 0.15, 0.9, 0.9, 0.9 }.Select((share, age) => new HostSpeed(NetworkSpec.Lite, 100, share, now.AddMinutes(-5 * age)))];

        Assert.Equal(0.15, HostLoad.ShareOf(0.3, speeds, now));
        Assert.Equal(0.9, HostLoad.ShareOf(0.9, speeds, now));
        Assert.Equal(0.3, HostLoad.ShareOf(0.3, speeds, now.AddHours(1)));
    }

    [Fact]
    public void Of_ADataSet_CountsValidationAndEvaluationToo()
    {
        // 9,000 training images; 12 validation figures of 100 images, and at the end 600 + 360 images and the features of 1,441 + 360.
        var forward = 12 * 100 * RunWork.ForwardCost + (600 + 360 + 1441 + 360) * RunWork.EvaluationCost;
        var estimate = SpeedEstimate.Of(NetworkSpec.Lite, s_settings with { ValidationEvery = 50 }, Lite(100), images: new(1441, 360, 600))!;

        Assert.Equal(90 + forward * (double)NetworkSpec.Lite.MultiplyAdds / NetworkSpec.Lite.TrainingMultiplyAdds / 100, estimate.Typical.TotalSeconds, 1e-3);
    }

    [Fact]
    public void Of_AHostThatIsBusy_TakesLonger_ButAtLeastWhatAnIdleOneTakes()
    {
        var estimate = SpeedEstimate.Of(NetworkSpec.Lite, s_settings, Lite(100), free: 0.5)!;

        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(180)), (estimate.Least, estimate.Typical));
    }
}
