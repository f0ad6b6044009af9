using FsCheck.Xunit;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Tests.Curves;

public sealed class RunCurvesTests
{
    [Property]
    public bool Add_HistoryThenOverlappingUpdate_HoldsEveryPointOnce(byte points, byte read, byte sentFrom)
    {
        var all = Enumerable.Range(1, points).Select(step => new MetricPoint(step, SeriesNames.TrainLoss, 1.0 / step)).ToList();
        var curves = new RunCurves();

        curves.Add(all.Take(read));
        curves.Add(all.Skip(Math.Min(sentFrom, read)));         // the feed was opened before the history was read

        return curves.Of(SeriesNames.TrainLoss).SequenceEqual(all.Select(point => (point.Step, point.Value)));
    }

    [Fact]
    public void Cut_ThenTheResumedAttemptsPoints_ReplacesWhatTheFirstWrote()
    {
        var curves = new RunCurves();
        curves.Add([.. from step in (int[])[10, 20, 30] select new MetricPoint(step, SeriesNames.TrainLoss, 1.0)]);
        curves.Add([new(25, SeriesNames.ValidationAuroc, 0.9)]);

        curves.Cut(afterStep: 20);
        curves.Add([new(30, SeriesNames.TrainLoss, 0.5)]);

        Assert.Equal([(10, 1.0), (20, 1.0), (30, 0.5)], curves.Of(SeriesNames.TrainLoss));
        Assert.Empty(curves.Of(SeriesNames.ValidationAuroc));
        Assert.Equal(30, curves.LastStep);
    }

    [Fact]
    public void HighestAndLowest_OfEqualValues_AreTheFirst()
    {
        var curves = new RunCurves();
        curves.Add([.. from point in ((int, double)[])[(10, double.NaN), (20, 0.8), (30, 0.9), (40, 0.9), (50, 0.8)]
                       select new MetricPoint(point.Item1, SeriesNames.ValidationAuroc, point.Item2)]);

        Assert.Equal((30, 0.9), curves.Highest(SeriesNames.ValidationAuroc));
        Assert.Equal((20, 0.8), curves.Lowest(SeriesNames.ValidationAuroc));
        Assert.Null(curves.Highest(SeriesNames.ValidationLoss));
    }
}
