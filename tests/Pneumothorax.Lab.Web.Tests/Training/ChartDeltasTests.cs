using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Training;

public sealed class ChartDeltasTests
{
    private static readonly CurveSpan s_span = new(600, StepsAnEpoch: 10, IsOver: false);
    private static readonly CurveView s_view = new();

    private static RunCurves Curves(int steps)
    {
        var curves = new RunCurves();
        curves.Add(Enumerable.Range(1, steps).Select(step => new MetricPoint(step, SeriesNames.TrainLoss, 1.0 / step)));
        return curves;
    }

    [Fact]
    public void Between_AGrownRun_AreItsNewPointsRawAndSmoothed()
    {
        var (drawn, next) = (RunCharts.Loss(Curves(20), s_span, s_view, ""), RunCharts.Loss(Curves(22), s_span, s_view, ""));

        var deltas = ChartDeltas.Between(drawn, next)!;

        Assert.Equal(["train/loss", "train/loss smoothed"], deltas.Select(delta => delta.Key));
        Assert.All(deltas, delta => Assert.Equal([21, 22], delta.X));
        Assert.Equal(next.Series[1].Y.TakeLast(2), deltas[1].Y);
    }

    [Fact]
    public void Between_UnchangedCharts_IsNothing() =>
        Assert.Empty(ChartDeltas.Between(RunCharts.Loss(Curves(20), s_span, s_view, ""), RunCharts.Loss(Curves(20), s_span, s_view, ""))!);

    [Fact]
    public void Between_ChangesOfTheWholeChart_MustBeDrawnAnew()
    {
        var drawn = RunCharts.Loss(Curves(20), s_span, s_view, "");

        Assert.Null(ChartDeltas.Between(drawn, RunCharts.Loss(Curves(10), s_span, s_view, "")));                          // cut by a resume
        Assert.Null(ChartDeltas.Between(drawn, RunCharts.Loss(Curves(20), s_span, s_view with { LogLoss = true }, "")));
        Assert.Null(ChartDeltas.Between(drawn, RunCharts.Loss(Curves(20), s_span, s_view with { Smoothing = 0.5 }, "")));
        Assert.Null(ChartDeltas.Between(drawn, RunCharts.Loss(Curves(20), s_span, s_view with { Epochs = true }, "")));
    }

    [Fact]
    public void Loss_OfALongRun_DrawsAtMost1500PointsAndKeepsEverySpike()
    {
        var curves = Curves(9000);
        curves.Add([new(9001, SeriesNames.TrainLoss, 50)]);

        var raw = RunCharts.Loss(curves, new(10_000, null, IsOver: true), s_view, "").Series[0];

        Assert.InRange(raw.X.Count, 750, 1500);
        Assert.Equal(50, raw.High!.Max());
    }

    [Theory]
    [InlineData(0, 600, 600)]
    [InlineData(5, 1_000_000, 1000)]
    [InlineData(400, 1_000_000, 10_000)]
    [InlineData(500_000, 1_000_000, 1_000_000)]
    public void StepAxis_ShowsTheWholeRun_UnlessItHasHardlyBegun(int done, int steps, double end) =>
        Assert.Equal(end, RunCharts.StepAxis(done, new(steps, null, false), s_view).Max);
}
