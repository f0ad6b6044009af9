using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Curves;

/// <summary>
/// All points of one run, read from its folder and then extended by the feed. What the page reads and what the feed sends overlap:
/// a point of a step that its series already has is skipped.
/// </summary>
public sealed class RunCurves
{
    private readonly Dictionary<string, CurvePoints> _series;

    public RunCurves() : this([])
    {
    }

    private RunCurves(Dictionary<string, CurvePoints> series) => _series = series;

    /// <summary>All points that a run's folder has so far; none where it has no points yet. Quick for a million steps: see <see cref="CurveFile"/>.</summary>
    public static RunCurves Read(RunFolder folder)
    {
        if (!File.Exists(folder.MetricsPath)) return new();

        var kept = CurveFile.Read(folder);
        var curves = new RunCurves(kept.Series);
        using var reader = new MetricsReader(folder.MetricsPath, kept.Covered);
        curves.Add(reader.Read());
        if (reader.Position - kept.Covered > CurveFile.WorthKeeping) CurveFile.Write(folder, curves._series, reader.Position);
        return curves;
    }

    public bool IsEmpty => _series.Count == 0;

    /// <summary>The last step of any series; 0 before the first point.</summary>
    public int LastStep => _series.Values.Max(points => (int?)points[^1].Step) ?? 0;

    /// <returns>Points in order of steps; empty for a series that is not there yet.</returns>
    public IReadOnlyList<(int Step, double Value)> Of(string series) => _series.TryGetValue(series, out var points) ? points : [];

    /// <returns>The newest value; null before the first.</returns>
    public double? Last(string series) => Of(series) is { Count: > 0 } points ? points[^1].Value : null;

    /// <returns>The first point with the highest value, NaN left out; null where there is none.</returns>
    public (int Step, double Value)? Highest(string series) => Best(series, (value, best) => value > best);

    /// <returns>The first point with the lowest value, NaN left out; null where there is none.</returns>
    public (int Step, double Value)? Lowest(string series) => Best(series, (value, best) => value < best);

    /// <returns>Whether any of them was new.</returns>
    public bool Add(IEnumerable<MetricPoint> points)
    {
        var added = false;
        foreach (var (step, name, value) in points)
        {
            if (!_series.TryGetValue(name, out var series)) _series[name] = series = [];
            if (series.Count > 0 && series[^1].Step >= step) continue;
            series.Add(step, value);
            added = true;
        }
        return added;
    }

    /// <summary>A resumed run writes the steps after its checkpoint anew: what an earlier attempt wrote there no longer counts.</summary>
    public void Cut(int afterStep)
    {
        foreach (var (name, points) in _series.ToList())
        {
            points.Cut(afterStep);
            if (points.Count == 0) _series.Remove(name);
        }
    }

    private (int Step, double Value)? Best(string series, Func<double, double, bool> isBetter)
    {
        (int Step, double Value)? best = null;
        foreach (var point in Of(series))
        {
            if (!double.IsNaN(point.Value) && (best is null || isBetter(point.Value, best.Value.Value))) best = point;
        }
        return best;
    }
}
