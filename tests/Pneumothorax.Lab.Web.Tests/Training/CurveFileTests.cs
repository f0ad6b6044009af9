using System.Globalization;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Training;

/// <summary>A long run's points are the same, whether they come from its lines or from the copy beside them.</summary>
public sealed class CurveFileTests : IDisposable
{
    // Long enough for a copy, which is made from 4 MB on.
    private const int Steps = 50_000;

    private readonly RunFolder _folder = new(Directory.CreateTempSubdirectory("lab-curves-").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    private string Copy => Path.Combine(_folder.Path, "metrics.cache");

    private void Append(int from, int to, Func<int, double> loss)
    {
        using var writer = new StreamWriter(_folder.MetricsPath, append: true) { NewLine = "\n" };
        for (var step = from; step <= to; step++)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"step":{{step}},"series":"train/loss","value":{{loss(step)}}}"""));
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"step":{{step}},"series":"train/accuracy","value":0.5}"""));
        }
    }

    private static double Loss(int step) => 1 / (1 + Math.Sqrt(step));

    [Fact]
    public void Read_LongRun_IsTheSameWithAndWithoutTheCopy()
    {
        Append(1, Steps, Loss);

        var first = RunCurves.Read(_folder);
        Assert.True(File.Exists(Copy));
        var second = RunCurves.Read(_folder);

        Assert.Equal(Enumerable.Range(1, Steps).Select(step => (step, Loss(step))), first.Of(SeriesNames.TrainLoss));
        Assert.Equal(first.Of(SeriesNames.TrainLoss), second.Of(SeriesNames.TrainLoss));
        Assert.Equal(first.Of(SeriesNames.TrainAccuracy), second.Of(SeriesNames.TrainAccuracy));
    }

    [Fact]
    public void Read_RunThatWentOn_HasTheNewPointsToo_ButNoHalfLine()
    {
        Append(1, Steps, Loss);
        RunCurves.Read(_folder);
        Append(Steps + 1, Steps + 10, Loss);
        File.AppendAllText(_folder.MetricsPath, """{"step":50011,"series":"train/lo""");

        Assert.Equal(Steps + 10, RunCurves.Read(_folder).LastStep);
    }

    [Fact]
    public void Read_RunThatWasCutAndResumed_ForgetsWhatTheCopyHolds()
    {
        Append(1, Steps, Loss);
        RunCurves.Read(_folder);
        _folder.CutMetrics(afterStep: 100);
        Append(101, Steps + 100, step => 7);

        var loss = RunCurves.Read(_folder).Of(SeriesNames.TrainLoss);

        Assert.Equal((100, Loss(100)), loss[99]);
        Assert.All(loss.Skip(100), point => Assert.Equal(7, point.Value));
    }

    [Fact]
    public void Cut_IntoWhatTheCopyHolds_AndAdded_GoesOnFromThere()
    {
        Append(1, Steps, Loss);
        RunCurves.Read(_folder);
        var curves = RunCurves.Read(_folder);

        curves.Cut(afterStep: 20_000);
        curves.Add([new(20_001, SeriesNames.TrainLoss, 7)]);

        var loss = curves.Of(SeriesNames.TrainLoss);
        Assert.Equal(Enumerable.Range(1, 20_000).Select(step => (step, Loss(step))).Append((20_001, 7)), loss);
        Assert.Equal((19_999, Loss(19_999)), loss[19_998]);
    }

    [Fact]
    public void Read_DamagedCopy_IsReadFromTheLines()
    {
        Append(1, Steps, Loss);
        RunCurves.Read(_folder);
        File.WriteAllBytes(Copy, File.ReadAllBytes(Copy)[..^1000]);

        Assert.Equal(Steps, RunCurves.Read(_folder).Of(SeriesNames.TrainAccuracy).Count);
    }

    [Fact]
    public void Read_AMillionSteps_AreAllThere_AndTheirChartIsShort()
    {
        Append(1, 1_000_000, Loss);
        Assert.InRange(new FileInfo(_folder.MetricsPath).Length / 1e6, 1, 200);     // bytes a step
        RunCurves.Read(_folder);

        var curves = RunCurves.Read(_folder);
        var loss = RunCharts.Loss(curves, new(1_000_000, null, IsOver: true), new(), "");

        Assert.Equal(1_000_000, curves.LastStep);
        Assert.InRange(loss.Series[0].X.Count, 750, 1500);
    }

    [Fact]
    public void Loss_OfAPartOfAMillionSteps_HasEachOfThem()
    {
        var curves = new RunCurves();
        curves.Add(Enumerable.Range(1, 1_000_000).Select(step => new MetricPoint(step, SeriesNames.TrainLoss, Loss(step))));
        var span = new CurveSpan(1_000_000, StepsAnEpoch: 100, IsOver: true);

        var steps = RunCharts.Loss(curves, span, new(), "", closer: new(700_000, 700_500)).Series[0].X;
        var epochs = RunCharts.Loss(curves, span, new(Epochs: true), "", closer: new(7000, 7005)).Series[0].X;

        Assert.Equal(Enumerable.Range(700_000, 501).Select(step => (double)step), steps.Where(step => step is >= 700_000 and <= 700_500));
        Assert.Equal(501, epochs.Count(epoch => epoch is >= 7000 and <= 7005));
    }
}
