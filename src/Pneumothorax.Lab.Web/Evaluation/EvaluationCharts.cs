using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Web.Shared.Charts;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>The charts of the evaluation page as data for <see cref="Chart"/>.</summary>
internal static class EvaluationCharts
{
    /// <summary>More points than this are thinned to those that draw the same line; the CSV has them all.</summary>
    private const int MostPoints = 4000;

    /// <summary>As tall as the cells beside them.</summary>
    private const int Height = 352;

    private static readonly double[] s_ticks = [0, 0.25, 0.5, 0.75, 1];

    /// <summary>The curve with all its points, the area in words and the diagonal of guessing. Mark the operating point with <see cref="At"/>.</summary>
    public static ChartSpec Roc(ScoredImages images, IReadOnlyList<RocPoint> points, AurocResult area)
    {
        if (points.Count > MostPoints) points = Corners(points);
        if (points.Count > MostPoints) points = Visible(points, point => (point.FalsePositiveRate, point.TruePositiveRate));
        var limits = points.Select(point => WilsonInterval.Of((int)Math.Round(point.TruePositiveRate * images.Positives), images.Positives) ?? default).ToList();
        return new()
        {
            Title = "ROC",
            Unit = "vertical: true-positive rate",
            Height = Height,
            Hover = "point",
            X = new("false-positive rate", 0, 1, Ticks: s_ticks),
            Y = new("true-positive rate", 0, 1, Ticks: s_ticks),
            References = points.Count == 0 ? [] : [new(0, 0, 1, 1)],
            Series =
            [
                new("roc", "ROC")
                {
                    X = [.. points.Select(point => point.FalsePositiveRate)],
                    Y = [.. points.Select(point => point.TruePositiveRate)],
                    Low = [.. limits.Select(limit => limit.Low)],
                    High = [.. limits.Select(limit => limit.High)],
                    Extra = [.. points.Select(point => point.Threshold)],
                    ExtraName = "threshold",
                    EndLabel = false,
                },
            ],
            Notes = area is { Value: { } value }
                ? area is { Low: { } low, High: { } high, HasNoWidth: false }
                    ? [new($"area {Figures.Figure(value)}"), new($"95 % {Figures.Figure(low)} to {Figures.Figure(high)}", "soft")]
                    : [new($"area {Figures.Figure(value)}")]
                : [],
            Empty = "A ROC curve needs images that HAVE it and images that DO NOT.",
        };
    }

    /// <summary>The curve as stairs under which the area is the average precision, and the line of guessing. Mark the operating point with <see cref="AtPrecision"/>.</summary>
    public static ChartSpec PrecisionRecall(ScoredImages images)
    {
        var points = PrecisionRecallCurve.Of(images.Ranked);
        // From the right: each step of the stairs is then as high as the precision with which its recall was gained.
        List<PrecisionRecallPoint> drawn = [.. (points.Count > MostPoints ? Visible(points, point => (point.Recall, point.Precision)) : points).Reverse()];
        var limits = drawn.Select(point => WilsonInterval.Of((int)Math.Round(point.Precision * point.Called), point.Called) ?? default).ToList();
        return new()
        {
            Title = "Precision-recall",
            Unit = "vertical: precision",
            Height = Height,
            Hover = "point",
            X = new("recall", 0, 1, Ticks: s_ticks),
            Y = new("precision", 0, 1, Ticks: s_ticks),
            References = drawn.Count == 0 ? [] : [ChartReference.Horizontal(images.Prevalence)],
            Series =
            [
                new("precision", "Precision")
                {
                    X = [.. drawn.Select(point => point.Recall)],
                    Y = [.. drawn.Select(point => point.Precision)],
                    Low = [.. limits.Select(limit => limit.Low)],
                    High = [.. limits.Select(limit => limit.High)],
                    Extra = [.. drawn.Select(point => point.Threshold)],
                    ExtraName = "threshold",
                    Stairs = true,
                    Marker = drawn.Count == 1 ? "circle" : null,        // a line of one point is not to be seen
                    EndLabel = false,
                },
            ],
            Empty = "A precision-recall curve needs images that HAVE it.",
        };
    }

    /// <summary>What the model says against what is there, in tenths of the scale.</summary>
    public static ChartSpec CalibrationCurve(Calibration calibration)
    {
        var limits = calibration.Bins.Select(bin => WilsonInterval.Of(bin.Positives, bin.Count) ?? default).ToList();
        return new()
        {
            Title = "Calibration",
            Unit = "vertical: share that HAS it",
            Height = Height,
            Hover = "point",
            X = new("mean probability of HAS, by the model", 0, 1, Ticks: s_ticks),
            Y = new("share that HAS it", 0, 1.03, Ticks: s_ticks),
            References = [new(0, 0, 1, 1)],
            Series =
            [
                new("calibration", "Share that HAS it")
                {
                    Marker = "circle",
                    X = [.. calibration.Bins.Select(bin => bin.MeanProbability)],
                    Y = [.. calibration.Bins.Select(bin => bin.Share)],
                    Low = [.. limits.Select(limit => limit.Low)],
                    High = [.. limits.Select(limit => limit.High)],
                    Extra = [.. calibration.Bins.Select(bin => (double)bin.Count)],
                    ExtraName = "images",
                    ExtraDecimals = 0,
                    EndLabel = false,
                },
            ],
        };
    }

    /// <summary>Marks on a <see cref="PrecisionRecall"/> where the model stands at a threshold; nowhere while nobody is called HAS.</summary>
    /// <param name="frozen">The frozen point, where the threshold has left it: a second mark.</param>
    public static ChartSpec AtPrecision(this ChartSpec curve, double threshold, ConfusionMatrix cells, (double Threshold, ConfusionMatrix Cells)? frozen = null) => curve with
    {
        Marks = [.. Frozen(frozen, Place), .. Place(cells) is { } at ? [Mark(at, threshold)] : (ChartMark[])[]],
    };

    /// <summary>Marks on a <see cref="Roc"/> where the model stands at a threshold.</summary>
    /// <inheritdoc cref="AtPrecision"/>
    public static ChartSpec At(this ChartSpec roc, double threshold, ConfusionMatrix cells, (double Threshold, ConfusionMatrix Cells)? frozen = null) => roc with
    {
        Marks = [.. Frozen(frozen, PlaceOnRoc), .. PlaceOnRoc(cells) is { } at ? [Mark(at, threshold)] : (ChartMark[])[]],
    };

    private static (double X, double Y)? Place(ConfusionMatrix cells) => cells is { Sensitivity: { } recall, Ppv: { } precision } ? (recall, precision) : null;

    private static (double X, double Y)? PlaceOnRoc(ConfusionMatrix cells) =>
        cells is { Sensitivity: { } sensitivity, Specificity: { } specificity } ? (1 - specificity, sensitivity) : null;

    private static ChartMark Mark((double X, double Y) at, double threshold) => new(at.X, at.Y, $"threshold {Figures.Threshold(threshold)}", Guides: true);

    private static IEnumerable<ChartMark> Frozen((double Threshold, ConfusionMatrix Cells)? frozen, Func<ConfusionMatrix, (double X, double Y)?> placeOf) =>
        frozen is { } point && placeOf(point.Cells) is { } at ? [new(at.X, at.Y, $"frozen {Figures.Threshold(point.Threshold)}", "diamond")] : [];

    /// <summary>Scores of each class, HAS upwards; what is called HAS stands out in full colour.</summary>
    /// <param name="all">Every image.</param>
    /// <param name="called">Those at or above the threshold, as shares of the same totals.</param>
    /// <param name="frozen">The frozen threshold, where this one has left it.</param>
    public static ChartSpec Scores(ScoreHistogram all, ScoreHistogram called, double threshold, double? frozen = null) => new()
    {
        Title = "Scores",
        Unit = "share of each class; drag the line",
        Height = Height,
        X = new("probability of HAS, by the model", 0, 1, Decimals: 2, Ticks: [0, 0.5, 1]),
        Y = new("share", -1.08 * all.Most, 1.08 * all.Most, Ticks: []),
        Series =
        [
            Bars("has", "HAS", "has", all.Has) with { Faded = true },
            Bars("not", "DOES NOT", "not", all.DoesNot) with { Faded = true, Down = true },
            Bars("has-called", "HAS, called HAS", "has", called.Has) with { Readable = false },
            Bars("not-called", "DOES NOT, called HAS", "not", called.DoesNot) with { Readable = false, Down = true },
        ],
        References = frozen is { } point ? [ChartReference.Vertical(point, "frozen")] : [],
        Notes = [new("HAS", "has", Top: true), new("DOES NOT have", "not")],
        Threshold = new(threshold, "called clear", "called HAS"),
    };

    private static ChartSeries Bars(string key, string name, string color, IReadOnlyList<double> shares) => new(key, name)
    {
        Bars = true,
        EndLabel = false,
        Color = color,
        X = s_middles,
        Y = shares,
    };

    private static readonly double[] s_middles = [.. Enumerable.Range(0, ScoreHistogram.Bins).Select(bin => (bin + 0.5) / ScoreHistogram.Bins)];

    /// <summary>Leaves out points within half a pixel of the one before.</summary>
    private static List<T> Visible<T>(IReadOnlyList<T> points, Func<T, (double X, double Y)> placeOf) where T : struct, IEquatable<T>
    {
        const double HalfPixel = 0.001;
        List<T> visible = [points[0]];
        var last = placeOf(points[0]);
        foreach (var point in points)
        {
            var place = placeOf(point);
            if (Math.Abs(place.X - last.X) <= HalfPixel && Math.Abs(place.Y - last.Y) <= HalfPixel) continue;
            visible.Add(point);
            last = place;
        }
        if (!visible[^1].Equals(points[^1])) visible.Add(points[^1]);
        return visible;
    }

    private static List<RocPoint> Corners(IReadOnlyList<RocPoint> points)
    {
        List<RocPoint> corners = [];
        for (var i = 0; i < points.Count; i++)
        {
            if (i == 0 || i == points.Count - 1 || !OnOneLine(corners[^1], points[i], points[i + 1])) corners.Add(points[i]);
        }
        return corners;
    }

    private static bool OnOneLine(RocPoint a, RocPoint b, RocPoint c) =>
        Math.Abs((b.FalsePositiveRate - a.FalsePositiveRate) * (c.TruePositiveRate - a.TruePositiveRate)
            - (b.TruePositiveRate - a.TruePositiveRate) * (c.FalsePositiveRate - a.FalsePositiveRate)) < 1e-12;
}
