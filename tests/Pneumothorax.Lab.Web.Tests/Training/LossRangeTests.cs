using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Training;

/// <summary>A loss that ran away must not flatten the curves beside it.</summary>
public sealed class LossRangeTests
{
    private static readonly double[] s_usual = [0.71, 0.68, 0.55, 0.6, 0.41];

    [Fact]
    public void UsualLosses_HaveAnAxisThatHoldsThemAll() => Assert.Equal((null, 0), Of(Line("A", s_usual)) is { Max: var max, Beyond.Count: var count } ? (max, count) : default);

    [Fact]
    public void OneHighStep_IsMarkedAtTheEdge()
    {
        var range = Of(Line("A", [0.7, 3_315_305, 0.9, 0.8, 0.7]));

        Assert.Equal(LossRange.Most, range.Max);
        Assert.Equal((2, LossRange.Most, "A up to 3,315,305"), Assert.Single(range.Marks) is var mark ? (mark.X, mark.Y, mark.Text) : default);
    }

    [Fact]
    public void DivergedRun_IsNamed_AndTheOtherKeepsItsScale()
    {
        var range = Of(Line("A", s_usual), Line("B", [0.7, 900, 1e5, 1e6, 3e6]));

        Assert.Equal(LossRange.Most, range.Max);
        Assert.Equal("B", Assert.Single(range.Beyond).Name);
    }

    [Fact]
    public void NothingButADivergedRun_IsDrawnWhole()
    {
        var range = Of(Line("B", [700, 900, 1e5, 1e6, 3e6]));

        Assert.Null(range.Max);
        Assert.Empty(range.Marks);
        Assert.NotEmpty(range.Beyond);
    }

    [Fact]
    public void Note_GoesWithTheAxis_AndNamesNoLongNumber()
    {
        var range = Of(Line("A", [0.7, 1.2e11, 0.9, 0.8, 0.7]));

        Assert.Equal($"Values above 5 lie beyond the chart, up to 1.2e+11. Log loss shows all of them. {LossRange.Advice}", range.Note);
        Assert.Equal(LossRange.Advice, range.Whole().Note);
        Assert.Null(Of(Line("A", s_usual)).Note);
    }

    [Fact]
    public void ChartOfARunThatRanAway_SaysWhatItLeavesOut_AndWithLogLossThatNothingIs()
    {
        var curves = new RunCurves();
        curves.Add([.. Enumerable.Range(1, 20).Select(step => new MetricPoint(step, SeriesNames.TrainLoss, step == 10 ? 400 : 0.5))]);
        var span = new CurveSpan(20, null, IsOver: true);

        Assert.StartsWith("Values above 5 lie beyond the chart, up to 400.0.", RunCharts.Loss(curves, span, new(), "").Beyond, StringComparison.Ordinal);
        Assert.Equal(LossRange.Advice, RunCharts.Loss(curves, span, new(LogLoss: true), "").Beyond);
    }

    private static LossRange Of(params ChartSeries[] lines) => LossRange.Of(lines, line => line.Name);

    private static ChartSeries Line(string name, double[] values) => new(name, name) { X = [.. Enumerable.Range(1, values.Length).Select(step => (double)step)], Y = values };
}
