using Pneumothorax.Lab.Experiments.Metrics;
using Pneumothorax.Lab.Web.Parts;
using Pneumothorax.Lab.Web.Training;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>Several runs in one chart: colour, mark and letter name the run.</summary>
public static class CompareCharts
{
    /// <param name="series">See <see cref="Experiments.Runs.SeriesNames"/>.</param>
    public static ChartSpec Loss(IReadOnlyList<ComparedRun> runs, string series, string title, CurveView view)
    {
        var last = runs.Max(run => run.Curves.LastStep);
        var longest = new CurveSpan(runs.Max(run => run.Run.Hyperparameters.Steps), null, IsOver: false);
        return new()
        {
            Title = title,
            Unit = view.Smoothing > 0 ? "smoothed, over a faint raw line" : "cross-entropy; lower is better",
            // Epochs differ from run to run in steps, so their common axis is left to the data.
            X = view.Epochs ? new("epoch", 0, Decimals: 2) : RunCharts.StepAxis(last, longest, view),
            Y = new(Min: view.LogLoss ? null : 0, Logarithmic: view.LogLoss),
            Series = [.. runs.SelectMany(run => Lines(run, series, view))],
            Empty = "None of these runs has a point yet.",
            Height = 360,
        };
    }

    private static IEnumerable<ChartSeries> Lines(ComparedRun run, string series, CurveView view)
    {
        var span = new CurveSpan(run.Run.Hyperparameters.Steps, run.StepsAnEpoch, run.Run.IsOver);
        var line = RunCharts.Line(run.Curves.Of(series), span, view);
        if (view.Smoothing > 0)
        {
            yield return new($"{run.Letter} {series} raw", run.Letter)
            {
                Color = run.Colour,
                X = line.X,
                Y = line.Y,
                Width = 1,
                Opacity = 0.38,
                EndLabel = false,
                Readable = false,
            };
        }
        yield return new(view.Smoothing > 0 ? $"{run.Letter} {series} smoothed" : $"{run.Letter} {series}", run.Letter)
        {
            Color = run.Colour,
            Dash = run.Dash,
            Marker = run.Mark,
            MarkerCount = 4,
            X = line.X,
            Y = line.Smooth,
        };
    }

    /// <returns>Null where no run is evaluated.</returns>
    public static ChartSpec? Roc(IReadOnlyList<ComparedRun> runs)
    {
        var evaluated = runs.Where(run => run.Evaluation?.Auroc.Value is not null).ToList();
        return evaluated.Count == 0 ? null : new()
        {
            Title = "ROC",
            Unit = "true-positive rate, upwards",
            X = new("false-positive rate", 0, 1, Ticks: s_halves, TickFormat: "~g"),
            Y = new("true-positive rate", 0, 1, Ticks: s_halves, TickFormat: "~g"),
            Series = [.. evaluated.Select(Curve)],
            References = [new(0, 0, 1, 1)],
            Notes = [new("area", "soft"), .. evaluated.Select(run => new ChartNote(FormattableString.Invariant($"{run.Letter} {run.Evaluation!.Auroc.Value:0.000}"), run.Colour))],
            Height = 360,
            Hover = "point",
        };
    }

    private static readonly double[] s_halves = [0, 0.5, 1];

    private static ChartSeries Curve(ComparedRun run)
    {
        IReadOnlyList<RocPoint> points = run.Evaluation!.Roc;
        return new(run.Letter, run.Letter)
        {
            Color = run.Colour,
            Dash = run.Dash,
            Marker = run.Mark,
            MarkerCount = 2,
            EndLabel = false,
            X = [.. points.Select(point => point.FalsePositiveRate)],
            Y = [.. points.Select(point => point.TruePositiveRate)],
            Extra = [.. points.Select(point => point.Threshold)],
            ExtraName = "threshold",
        };
    }
}
