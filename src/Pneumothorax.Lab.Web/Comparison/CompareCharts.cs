using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>Several runs in one chart: colour, dash, mark and letter name the run.</summary>
public static class CompareCharts
{
    /// <param name="runs">One or more.</param>
    /// <param name="closer">The part of the x axis that the reader looks at.</param>
    public static ChartSpec Curves(IReadOnlyList<ComparedRun> runs, CurveChoice choice, ChartRange? closer = null)
    {
        var across = Across.Of(runs, choice);
        var lines = runs.SelectMany(run => Lines(run, choice, across, closer, crowd: runs.Count > 5, isNamed: runs.Count <= MostNames)).ToList();
        var range = choice is { IsLoss: true, LogValue: false } ? LossRange.Of(lines, line => line.Name) : null;
        return new()
        {
            Title = CurveChoice.All.First(one => one.Series == choice.Series).Title,
            Unit = choice.Smoothing > 0 ? "smoothed; the faint line is the raw data" : choice.IsLoss ? "cross-entropy; lower is better" : "higher is better",
            X = across.Axis,
            Y = choice.IsLoss ? new(Min: choice.LogValue ? null : 0, Max: range?.Max, Logarithmic: choice.LogValue) : RunCharts.Share(runs.Min(run => run.Curves.Lowest(choice.Series)?.Value)),
            Series = lines,
            Marks = range?.Marks ?? [],
            Beyond = range is { Max: { } max } ? Beyond(range, max, runs) : null,
            References = choice.Series == SeriesNames.ValidationAuroc ? [ChartReference.Horizontal(0.5, "guessing")] : [],
            Empty = choice.Axis == CurveAxis.Time ? "The time of these points is not known." : "None of these runs has a point of this curve yet.",
            Height = runs.Count > 8 ? 440 : 360,
        };
    }

    private static string Beyond(LossRange range, double max, IReadOnlyList<ComparedRun> runs)
    {
        var left = range.Beyond.Select(curve => $"{curve.Name} ({runs.First(run => run.Letter == curve.Name).Run.Name}), up to {curve.Text}");
        return FormattableString.Invariant($"Outside the chart, above {max:0}: {string.Join("; ", left)}. Log loss shows everything. {LossRange.Advice}");
    }

    private static IEnumerable<ChartSeries> Lines(ComparedRun run, CurveChoice choice, Across across, ChartRange? closer, bool crowd, bool isNamed)
    {
        var buckets = MinMaxBuckets.Of(run.Curves.Of(choice.Series), new()
        {
            Closer = closer is { } part ? (across.StepAt(run, part.From), across.StepAt(run, part.To)) : null,
            LogarithmicUntil = choice.LogX ? run.Run.Hyperparameters.Steps : null,
            Smoothing = choice.Smoothing,
            Grows = !run.Run.IsOver,
        });
        var (points, x) = ((List<CurveBucket>)[], (List<double>)[]);
        foreach (var bucket in buckets)
        {
            if (across.PlaceOf(run, bucket.Step) is not { } place) continue;
            points.Add(bucket);
            x.Add(place);
        }
        var single = points.All(bucket => bucket.Count == 1);
        double[]? low = single ? null : [.. points.Select(bucket => bucket.Min)], high = single ? null : [.. points.Select(bucket => bucket.Max)];
        var smoothed = choice.Smoothing > 0;
        if (smoothed)
        {
            yield return new($"{run.Letter} {choice.Series} raw", run.Letter)
            {
                Color = run.Colour,
                X = x,
                Y = [.. points.Select(bucket => bucket.Last)],
                Low = low,
                High = high,
                Width = 1,
                Opacity = crowd ? 0.22 : 0.38,
                EndLabel = false,
                Readable = false,
            };
        }
        yield return new($"{run.Letter} {choice.Series}{(smoothed ? " smoothed" : "")}", run.Letter)
        {
            Color = run.Colour,
            Dash = run.Dash,
            Marker = run.Mark,
            MarkerCount = 4,
            X = x,
            Y = [.. points.Select(bucket => smoothed ? bucket.Smooth : bucket.Last)],
            EndLabel = isNamed,
            Low = smoothed ? null : low,
            High = smoothed ? null : high,
        };
    }

    /// <returns>Null where no run is evaluated.</returns>
    public static ChartSpec? Roc(IReadOnlyList<ComparedRun> runs)
    {
        var evaluated = runs.Where(run => run.Evaluation?.Auroc.Value is not null).ToList();
        return evaluated.Count == 0 ? null : new()
        {
            Title = "ROC",
            Unit = "vertical: true-positive rate",
            X = new("false-positive rate", 0, 1, Ticks: s_halves, TickFormat: "~g"),
            Y = new("true-positive rate", 0, 1, Ticks: s_halves, TickFormat: "~g"),
            Series = [.. evaluated.Select(Curve)],
            References = [new(0, 0, 1, 1)],
            // More of them would cover the curves; the table has them all.
            Notes = evaluated.Count > MostNotes ? [] : [new("area", "soft"), .. evaluated.Select(run => new ChartNote(FormattableString.Invariant($"{run.Letter} {run.Evaluation!.Auroc.Value:0.000}"), run.Colour))],
            Height = 360,
            Hover = "point",
        };
    }

    /// <summary>More names at the ends of the curves would not find room; the reader of a point names its run.</summary>
    private const int MostNames = 26;

    private const int MostNotes = 7;
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

    /// <summary>The x axis that all runs share.</summary>
    /// <param name="Unit">Seconds in one unit of time.</param>
    private sealed record Across(CurveAxis Kind, ChartAxis Axis, double Unit)
    {
        public static Across Of(IReadOnlyList<ComparedRun> runs, CurveChoice choice)
        {
            if (choice.Axis == CurveAxis.Epoch) return new(choice.Axis, new("epoch", choice.LogX ? null : 0, Logarithmic: choice.LogX, Decimals: 2), 1);
            if (choice.Axis == CurveAxis.Time)
            {
                var (seconds, name) = runs.Max(run => run.Times?.SecondsAt(run.Times.LastStep) ?? 0) switch
                {
                    < 180 => (1, "seconds"),
                    < 3 * 3600 => (60, "minutes"),
                    _ => (3600, "hours"),
                };
                return new(choice.Axis, new($"{name} of training", choice.LogX ? null : 0, Logarithmic: choice.LogX, Decimals: seconds == 1 ? 1 : 2), seconds);
            }
            var longest = new CurveSpan(runs.Max(run => run.Run.Hyperparameters.Steps), null, IsOver: false);
            return new(choice.Axis, RunCharts.StepAxis(runs.Max(run => run.Curves.LastStep), longest, new CurveView(LogSteps: choice.LogX)), 1);
        }

        /// <returns>Null where it is not known, or a logarithmic axis has no place for it.</returns>
        public double? PlaceOf(ComparedRun run, int step) => Kind switch
        {
            CurveAxis.Epoch => step / run.StepsAnEpoch,
            CurveAxis.Time => run.Times?.SecondsAt(step) / Unit,
            _ => step,
        };

        public double StepAt(ComparedRun run, double place) => Kind switch
        {
            CurveAxis.Epoch => place * (run.StepsAnEpoch ?? 1),
            CurveAxis.Time => run.Times?.StepAt(place * Unit) ?? 0,
            _ => place,
        };
    }
}
