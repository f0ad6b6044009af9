namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>How much larger the second of two areas is, with 95 % interval and test, both for scores of the same images.</summary>
/// <param name="Difference">-1..1; null when only one class is present, for then neither area exists.</param>
/// <param name="Low">Lower end, clipped to -1..1; null where no variance can be estimated: fewer than two images of either class,
/// or the same difference at every image (as when both put the images in the same order).</param>
/// <param name="P">Chance of a difference at least as large, either way, were the areas truly equal; null as <paramref name="Low"/> is.</param>
public readonly record struct AurocDifference(double? Difference, double? Low, double? High, double? P);

/// <summary>DeLong's test of two areas under the ROC curve on the same images, which are equally hard for both: far sharper than two intervals side by side.</summary>
/// <remarks>Source: DeLong et al., Biometrics 44 (1988).</remarks>
public static class PairedDeLong
{
    /// <summary>In O(n log n).</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="first">Higher means more likely positive; as many as labels.</param>
    /// <param name="second">The other scores of the same images, in the same order.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static AurocDifference Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> first, ReadOnlySpan<double> second) =>
        Of(Placements.Of(labels, first), Placements.Of(labels, second));

    /// <summary>The same from placements that are already known, in O(n).</summary>
    /// <param name="first">Placements of the first scores.</param>
    /// <param name="second">Of the second scores, of the same images in the same order.</param>
    /// <exception cref="ArgumentException">They are of different numbers of images.</exception>
    public static AurocDifference Of(Placements first, Placements second)
    {
        // The variance of a difference of means over the same images is that of the mean of the differences: no covariance needs to be kept.
        var below = Differences(first.NegativesBelow, second.NegativesBelow);
        var above = Differences(first.PositivesAbove, second.PositivesAbove);
        if (below.Length == 0 || above.Length == 0) return default;

        var difference = DeLong.Area(below, above);
        if (below.Length < 2 || above.Length < 2) return new(difference, null, null, null);

        // Exactly 0 where it should be, for placements are counts.
        var deviation = DeLong.Deviation(below, above);
        if (deviation == 0) return new(difference, null, null, null);

        var reach = NormalDistribution.Quantile95 * deviation;
        return new(difference, Math.Max(-1, difference - reach), Math.Min(1, difference + reach), NormalDistribution.TwoSided(difference / deviation));
    }

    private static double[] Differences(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length) throw new ArgumentException($"{first.Length} images of a class cannot be paired with {second.Length}.");

        var differences = new double[first.Length];
        for (var i = 0; i < differences.Length; i++) differences[i] = second[i] - first[i];
        return differences;
    }
}
