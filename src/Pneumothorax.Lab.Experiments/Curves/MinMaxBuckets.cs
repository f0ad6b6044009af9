namespace Pneumothorax.Lab.Experiments.Curves;

/// <summary>Neighbouring points of a curve drawn as one: no spike is lost, however many points there are.</summary>
/// <param name="Step">Step of the bucket's last point.</param>
/// <param name="FirstStep">Step of its first point.</param>
/// <param name="Last">Value of its last point.</param>
/// <param name="Smooth">The smoothed curve at its last point.</param>
/// <param name="Count">Points in it.</param>
public readonly record struct CurveBucket(int Step, int FirstStep, double Min, double Max, double Last, double Smooth, int Count);

/// <summary>How much of a curve is drawn.</summary>
/// <param name="Most">Buckets at most; at least 16.</param>
public sealed record CurveDetail(int Most = 1500)
{
    /// <summary>The steps that the reader looks at: three quarters of the buckets go there.</summary>
    public (double From, double To)? Closer { get; init; }

    /// <summary>Set for a logarithmic axis of steps that ends there: buckets then grow with the steps, so that the first ones stay single.</summary>
    public int? LogarithmicUntil { get; init; }

    /// <summary>See <see cref="Smoothing"/>; counted in buckets, so that a curve looks as smooth at any length.</summary>
    public double Smoothing { get; init; }

    /// <summary>Points will follow: the last bucket is left out until it is full, or it would have to be drawn again at every point.</summary>
    public bool Grows { get; init; }
}

public static class MinMaxBuckets
{
    /// <summary>
    /// Groups points into buckets. Their sizes are powers of two, or on a logarithmic axis a fixed ratio, so that a growing curve
    /// keeps the buckets it has until it has doubled, instead of having all of them shift at every point.
    /// </summary>
    /// <param name="points">(step, value) in order of steps. Values that are not finite are left out.</param>
    /// <returns>In order of steps; one bucket a point while they fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 16 buckets, or a smoothing that is not in 0..1, or is 1.</exception>
    public static IReadOnlyList<CurveBucket> Of(IReadOnlyList<(int Step, double Value)> points, CurveDetail detail)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(detail.Most, 16);

        var filling = new Filling(points, detail);
        if (detail.Closer is not { } closer)
        {
            filling.Fill(0, points.Count, detail.Most);
            return filling.Buckets;
        }
        // One point more at either side, so that the line leaves the picture and does not end in it.
        var from = Math.Max(0, FirstFrom(points, closer.From) - 1);
        var to = Math.Min(points.Count, FirstFrom(points, closer.To) + 2);
        filling.Fill(0, from, detail.Most / 8);
        filling.Fill(from, Math.Max(from, to), detail.Most / 4 * 3);
        filling.Fill(Math.Max(from, to), points.Count, detail.Most / 8);
        return filling.Buckets;
    }

    /// <returns>Index of the first point at or after a step.</returns>
    private static int FirstFrom(IReadOnlyList<(int Step, double Value)> points, double step)
    {
        var (low, high) = (0, points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (points[middle].Step < step) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Goes through the points once: the smoothed curve runs on from one part to the next.</summary>
    private sealed class Filling(IReadOnlyList<(int Step, double Value)> points, CurveDetail detail)
    {
        private readonly Smoothing _smoothing = new(detail.Smoothing);

        public List<CurveBucket> Buckets { get; } = [];

        /// <param name="end">Index behind the last point.</param>
        public void Fill(int start, int end, int most)
        {
            if (start >= end) return;

            var size = 1;
            while ((end - start + size - 1) / size > most) size *= 2;
            var last = end == points.Count ? Math.Max(detail.LogarithmicUntil ?? 0, points[end - 1].Step) : points[end - 1].Step;
            var ratio = Math.Pow(Math.Max(last, 1) / (double)Math.Max(points[start].Step, 1), 1.0 / (most - 1));

            while (start < end)
            {
                var (stop, full) = detail.LogarithmicUntil is null
                    ? (start + size, start + size <= points.Count)
                    : Until((int)(Math.Max(points[start].Step, 1) * ratio));
                if (detail.Grows && !full) return;
                stop = Math.Min(stop, end);
                Add(start, stop);
                start = stop;
            }
        }

        private (int Stop, bool Full) Until(int step)
        {
            var stop = FirstFrom(points, step + 1);
            return (stop, stop < points.Count || points[^1].Step >= step);
        }

        private void Add(int start, int stop)
        {
            CurveBucket? bucket = null;
            for (var i = start; i < stop; i++)
            {
                var (at, value) = points[i];
                if (!double.IsFinite(value)) continue;
                var smooth = _smoothing.Next(value, stop - start);
                bucket = bucket is { } b
                    ? b with { Step = at, Min = Math.Min(b.Min, value), Max = Math.Max(b.Max, value), Last = value, Smooth = smooth, Count = b.Count + 1 }
                    : new(at, at, value, value, value, smooth, 1);
            }
            if (bucket is { } filled) Buckets.Add(filled);
        }
    }
}
