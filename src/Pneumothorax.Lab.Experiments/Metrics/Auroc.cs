namespace Pneumothorax.Lab.Experiments.Metrics;

/// <summary>Area under the ROC curve with its 95 % interval.</summary>
/// <param name="Value">0..1; null when only one class is present, for then the area does not exist.</param>
/// <param name="Low">Lower end, clipped to 0..1; null with fewer than two images of either class, for then no variance can be estimated.</param>
public readonly record struct AurocResult(double? Value, double? Low, double? High);

/// <summary>The chance that a random positive scores above a random negative; a tie counts half.</summary>
public static class Auroc
{
    // Two-sided 95 % quantile of the normal distribution.
    private const double Quantile95 = 1.959963984540054;

    /// <summary>
    /// Area and DeLong interval, by midranks in O(n log n).
    /// Source: DeLong et al., Biometrics 44 (1988), in the form of Sun and Xu, IEEE Signal Processing Letters 21 (2014).
    /// </summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static AurocResult Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores)
    {
        LabelledScores.Check(labels, scores);
        int positives = labels.Count((byte)1), negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0) return default;

        var positiveScores = new double[positives];
        var negativeScores = new double[negatives];
        var all = new double[labels.Length];
        for (int i = 0, p = 0, n = 0; i < labels.Length; i++)
        {
            if (labels[i] == 1) positiveScores[p++] = scores[i];
            else negativeScores[n++] = scores[i];
        }
        positiveScores.CopyTo(all, 0);
        negativeScores.CopyTo(all, positives);

        // A score's midrank among all, less its midrank in its own class, counts the other class's scores below it, ties as half.
        var ranks = Midranks(all);
        var positiveRanks = Midranks(positiveScores);
        var negativeRanks = Midranks(negativeScores);
        var shareBelow = new double[positives];
        var shareAbove = new double[negatives];
        for (var i = 0; i < positives; i++) shareBelow[i] = (ranks[i] - positiveRanks[i]) / negatives;
        for (var i = 0; i < negatives; i++) shareAbove[i] = 1 - (ranks[positives + i] - negativeRanks[i]) / positives;

        // Ranks are multiples of one half, so this sum is exact; a sum of the shares would carry rounding into the area.
        var area = (ranks.AsSpan(0, positives).Sum() - positives * (positives + 1.0) / 2) / ((double)positives * negatives);
        if (positives < 2 || negatives < 2) return new(area, null, null);

        var deviation = Math.Sqrt(Variance(shareBelow) / positives + Variance(shareAbove) / negatives);
        return new(area, Math.Clamp(area - Quantile95 * deviation, 0, 1), Math.Clamp(area + Quantile95 * deviation, 0, 1));
    }

    /// <returns>Ranks counted from 1; equal scores share the mean of theirs.</returns>
    private static double[] Midranks(double[] scores)
    {
        var sorted = (double[])scores.Clone();
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(sorted, order);

        var ranks = new double[scores.Length];
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];) end++;
            for (var i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
        }
        return ranks;
    }

    private static double Sum(this Span<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }

    /// <returns>Sample variance, with n - 1 below.</returns>
    private static double Variance(Span<double> values)
    {
        var mean = values.Sum() / values.Length;
        var squares = 0.0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return squares / (values.Length - 1);
    }
}
