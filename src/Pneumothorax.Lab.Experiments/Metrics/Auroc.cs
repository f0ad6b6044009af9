namespace Pneumothorax.Lab.Experiments.Metrics;

/// <summary>Area under the ROC curve with its 95 % interval.</summary>
/// <param name="Value">0..1; null when only one class is present, for then the area does not exist.</param>
/// <param name="Low">Lower end, clipped to 0..1; null with fewer than two images of either class, for then no variance can be estimated.</param>
public readonly record struct AurocResult(double? Value, double? Low, double? High);

/// <summary>The chance that a random positive scores above a random negative; a tie counts half.</summary>
public static class Auroc
{
    /// <summary>Area and DeLong interval, in O(n log n).</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static AurocResult Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores) => Of(Placements.Of(labels, scores));

    /// <summary>Area and DeLong interval from placements that are already known.</summary>
    public static AurocResult Of(Placements placements)
    {
        ReadOnlySpan<double> below = placements.NegativesBelow, above = placements.PositivesAbove;
        if (below.IsEmpty || above.IsEmpty) return default;

        var area = DeLong.Area(below, above);
        if (below.Length < 2 || above.Length < 2) return new(area, null, null);

        var reach = NormalDistribution.Quantile95 * DeLong.Deviation(below, above);
        return new(area, Math.Clamp(area - reach, 0, 1), Math.Clamp(area + reach, 0, 1));
    }
}
