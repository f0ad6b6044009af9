namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>
/// Where each score stands among those of the other class: all that the area under the ROC curve, its interval and a paired test need.
/// Kept as counts, which are exact in floating point; shares are not.
/// </summary>
/// <remarks>Source: DeLong et al., Biometrics 44 (1988), by midranks as in Sun and Xu, IEEE Signal Processing Letters 21 (2014).</remarks>
public sealed class Placements
{
    private readonly double[] _below;
    private readonly double[] _above;

    private Placements(double[] below, double[] above) => (_below, _above) = (below, above);

    /// <summary>For each positive, in the order of the list: how many negatives score below it; a tie counts half.</summary>
    public ReadOnlySpan<double> NegativesBelow => _below;

    /// <summary>For each negative, in the order of the list: how many positives score above it; a tie counts half.</summary>
    public ReadOnlySpan<double> PositivesAbove => _above;

    /// <summary>In O(n log n).</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static Placements Of(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores)
    {
        LabelledScores.Check(labels, scores);
        int positives = labels.Count((byte)1), negatives = labels.Length - positives;
        var all = new double[labels.Length];
        for (int i = 0, p = 0, n = positives; i < labels.Length; i++) all[labels[i] == 1 ? p++ : n++] = scores[i];

        // A score's midrank among all, less its midrank in its own class, counts the other class's scores below it, ties as half.
        var ranks = Midranks(all);
        double[] below = Midranks(all[..positives]), above = Midranks(all[positives..]);
        for (var i = 0; i < positives; i++) below[i] = ranks[i] - below[i];
        for (var i = 0; i < negatives; i++) above[i] = positives - (ranks[positives + i] - above[i]);
        return new(below, above);
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
}
