namespace Pneumothorax.Lab.Experiments.Curves;

/// <summary>Neighbouring points of a curve drawn as one: no spike is lost, however many points there are.</summary>
/// <param name="Step">Step of the bucket's last point.</param>
/// <param name="FirstStep">Step of its first point.</param>
/// <param name="Last">Value of its last point.</param>
/// <param name="Count">Points in it.</param>
public readonly record struct CurveBucket(int Step, int FirstStep, double Min, double Max, double Last, int Count);

public static class MinMaxBuckets
{
    /// <summary>
    /// Groups points into buckets of equal count. The count is a power of two, so that a growing curve keeps its buckets
    /// until it has doubled, instead of having all of them shift at every point.
    /// </summary>
    /// <param name="points">(step, value) in order of steps. Values that are not finite are left out.</param>
    /// <param name="most">Buckets at most; at least 1.</param>
    /// <returns>In order of steps; one bucket a point while they fit.</returns>
    public static IReadOnlyList<CurveBucket> Of(IReadOnlyList<(int Step, double Value)> points, int most = 2000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);

        var size = 1;
        while ((points.Count + size - 1) / size > most) size *= 2;

        var buckets = new List<CurveBucket>((points.Count + size - 1) / size);
        for (var start = 0; start < points.Count; start += size)
        {
            CurveBucket? bucket = null;
            for (var i = start; i < Math.Min(start + size, points.Count); i++)
            {
                var (step, value) = points[i];
                if (!double.IsFinite(value)) continue;
                bucket = bucket is { } b
                    ? b with { Step = step, Min = Math.Min(b.Min, value), Max = Math.Max(b.Max, value), Last = value, Count = b.Count + 1 }
                    : new(step, step, value, value, value, 1);
            }
            if (bucket is { } filled) buckets.Add(filled);
        }
        return buckets;
    }
}
