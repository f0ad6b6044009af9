using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Shared.Charts;

/// <summary>How the reader wants the curves.</summary>
/// <param name="Smoothing">0 to 0.99; see <see cref="CurveDetail.Smoothing"/>.</param>
public sealed record CurveView(double Smoothing = 0.9, bool LogLoss = false, bool LogSteps = false, bool Epochs = false);

/// <summary>What the x axis needs to know of a run.</summary>
/// <param name="Steps">The run's last step.</param>
/// <param name="StepsAnEpoch">Steps in one pass over the train split; null where the data set is not there.</param>
/// <param name="IsOver">No point will follow.</param>
public sealed record CurveSpan(int Steps, double? StepsAnEpoch, bool IsOver);

/// <summary>A run's points as charts.</summary>
public static class RunCharts
{
    // The same lists each time, so that an unchanged axis is equal to the one that is drawn.
    private static readonly double[] s_quarters = [0, 0.25, 0.5, 0.75, 1];

    public static ChartSpec Loss(RunCurves curves, CurveSpan span, CurveView view, string empty, ChartRange? closer = null)
    {
        var train = Line(curves.Of(SeriesNames.TrainLoss), span, view, closer);
        var smoothed = view.Smoothing > 0;
        var raw = new ChartSeries(SeriesNames.TrainLoss, "training")
        {
            Color = "1",
            X = train.X,
            Y = train.Y,
            Low = train.Low,
            High = train.High,
            Dash = smoothed ? "solid" : "dash",
            Width = smoothed ? 1 : 2.25,
            Opacity = smoothed ? 0.38 : 1,
            EndLabel = !smoothed,
            Readable = !smoothed,
        };
        var trend = new ChartSeries($"{SeriesNames.TrainLoss} smoothed", "training") { Color = "1", Dash = "dash", X = train.X, Y = train.Smooth };
        ChartSeries[] lines = [raw, .. smoothed ? [trend] : Array.Empty<ChartSeries>(), Validation(curves, SeriesNames.ValidationLoss, span, view, closer) with { Marker = "circle", MarkerCount = 16 }];
        var range = LossRange.Of(lines, line => line.Name);
        if (view.LogLoss) range = range.Whole();
        return new()
        {
            Title = "Loss",
            Unit = "cross-entropy; lower is better",
            X = StepAxis(curves.LastStep, span, view),
            Y = new(Min: view.LogLoss ? null : 0, Max: range.Max, Logarithmic: view.LogLoss),
            Series = lines,
            Marks = range.Marks,
            Beyond = range.Note,
            Empty = empty,
            Height = 360,
        };
    }

    /// <param name="alwaysClear">Accuracy of calling every validation image clear; null where the data set is not there.</param>
    public static ChartSpec Accuracy(RunCurves curves, CurveSpan span, CurveView view, double? alwaysClear, ChartRange? closer = null) => new()
    {
        Title = "Accuracy",
        Unit = "on validation",
        X = StepAxis(curves.LastStep, span, view),
        Y = Share(curves.Lowest(SeriesNames.ValidationAccuracy)?.Value),
        Series = [Validation(curves, SeriesNames.ValidationAccuracy, span, view, closer) with { Name = "" }],
        References = alwaysClear is { } share ? [ChartReference.Horizontal(share, "always “clear”")] : [],
        Height = 200,
    };

    public static ChartSpec Auroc(RunCurves curves, CurveSpan span, CurveView view, int? bestStep, ChartRange? closer = null)
    {
        var best = curves.Of(SeriesNames.ValidationAuroc).Where(point => point.Step == bestStep).Select(point => ((int Step, double Value)?)point).FirstOrDefault();
        return new()
        {
            Title = "AUROC",
            Unit = "on validation",
            X = StepAxis(curves.LastStep, span, view),
            Y = Share(curves.Lowest(SeriesNames.ValidationAuroc)?.Value),
            Series = [Validation(curves, SeriesNames.ValidationAuroc, span, view, closer) with { Name = "" }],
            References = [ChartReference.Horizontal(0.5, "guessing")],
            Marks = best is var (step, value) ? [new(Place(step, span, view), value, FormattableString.Invariant($"best checkpoint {value:0.000}"), "diamond")] : [],
            Height = 200,
        };
    }

    /// <summary>Points as arrays to draw, at most 1,500: raw, with its band where a point stands for several, and smoothed.</summary>
    /// <param name="closer">The part of the x axis that the reader looks at; drawn step by step where it fits.</param>
    public static (double[] X, double[] Y, double[] Smooth, double[]? Low, double[]? High) Line(
        IReadOnlyList<(int Step, double Value)> points, CurveSpan span, CurveView view, ChartRange? closer = null)
    {
        var each = view.Epochs && span.StepsAnEpoch is { } steps ? steps : 1;
        var buckets = MinMaxBuckets.Of(points, new()
        {
            Closer = closer is { } part ? (part.From * each, part.To * each) : null,
            LogarithmicUntil = view.LogSteps ? span.Steps : null,
            Smoothing = view.Smoothing,
            Grows = !span.IsOver,
        });
        var single = buckets.All(bucket => bucket.Count == 1);
        return (
            [.. buckets.Select(bucket => Math.Round(Place(bucket.Step, span, view), 6))],
            [.. buckets.Select(bucket => Short(bucket.Last))],
            [.. buckets.Select(bucket => Short(bucket.Smooth))],
            single ? null : [.. buckets.Select(bucket => Short(bucket.Min))],
            single ? null : [.. buckets.Select(bucket => Short(bucket.Max))]);
    }

    /// <summary>To six digits: more than a screen shows, in half the letters. The CSV has them all.</summary>
    internal static double Short(double value)
    {
        if (value == 0 || Math.Abs(value) is not (> 1e-12 and < 1e6)) return value;
        var scale = Math.Pow(10, 5 - Math.Floor(Math.Log10(Math.Abs(value))));
        return Math.Round(value * scale) / scale;
    }

    /// <summary>The whole run from its first point on; of a very long one only what is in sight so far.</summary>
    public static ChartAxis StepAxis(int lastStep, CurveSpan span, CurveView view)
    {
        var end = span.Steps <= 1000 || lastStep * 50L >= span.Steps ? span.Steps : Math.Min(span.Steps, RoundUp(Math.Max(1000, lastStep * 20L)));
        return view.Epochs && span.StepsAnEpoch is not null
            ? new("epoch", view.LogSteps ? null : 0, Place(end, span, view), view.LogSteps, Decimals: 2)
            : new("step", view.LogSteps ? 1 : 0, end, view.LogSteps, Decimals: 0);
    }

    private static ChartSeries Validation(RunCurves curves, string series, CurveSpan span, CurveView view, ChartRange? closer)
    {
        var line = Line(curves.Of(series), span, view, closer);
        return new(series, "validation") { Color = "2", X = line.X, Y = line.Y, Low = line.Low, High = line.High };
    }

    /// <summary>For a share that guessing brings to one half.</summary>
    internal static ChartAxis Share(double? lowest) => lowest < 0.5
        ? new(Min: Math.Floor(lowest.Value * 4) / 4, Max: 1, Ticks: s_quarters, TickFormat: ".2f")
        : new(Min: 0.5, Max: 1, Ticks: s_quarters, TickFormat: ".2f");

    private static double Place(int step, CurveSpan span, CurveView view) =>
        view.Epochs && span.StepsAnEpoch is { } steps ? step / steps : step;

    /// <returns>The next of 1, 2, 5, 10, 20, ...</returns>
    private static int RoundUp(long steps)
    {
        long power = 1;
        while (power * 10 <= steps) power *= 10;
        return (int)(new[] { 1, 2, 5, 10 }.First(digit => digit * power >= steps) * power);
    }
}
