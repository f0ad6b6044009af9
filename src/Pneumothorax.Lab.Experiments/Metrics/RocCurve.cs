namespace Pneumothorax.Lab.Experiments.Metrics;

/// <summary>One point of a ROC curve: what calling every score at or above the threshold positive gives.</summary>
/// <param name="FalsePositiveRate">Share of negatives called positive, 0..1; NaN where there are no negatives.</param>
/// <param name="TruePositiveRate">Share of positives called positive (sensitivity), 0..1; NaN where there are no positives.</param>
public readonly record struct RocPoint(double Threshold, double FalsePositiveRate, double TruePositiveRate);

/// <summary>True- against false-positive rate over all thresholds.</summary>
public static class RocCurve
{
    /// <summary>
    /// One point for every distinct score, from (0, 0) to (1, 1).
    /// Equals scikit-learn 1.2's <c>roc_curve(drop_intermediate=False)</c>.
    /// </summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <returns>The first point calls nobody positive; its threshold is the highest score plus 1. Empty without scores.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static IReadOnlyList<RocPoint> Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores)
    {
        LabelledScores.Check(labels, scores);
        if (labels.IsEmpty) return [];

        var order = LabelledScores.ByFallingScore(scores);
        double positives = labels.Count((byte)1), negatives = labels.Length - positives;
        var points = new List<RocPoint> { new(scores[order[0]] + 1, 0 / negatives, 0 / positives) };
        int truePositives = 0, falsePositives = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (labels[order[i]] == 1) truePositives++;
            else falsePositives++;

            var score = scores[order[i]];
            var lastOfItsScore = i + 1 == order.Length || scores[order[i + 1]] != score;
            if (lastOfItsScore) points.Add(new(score, falsePositives / negatives, truePositives / positives));
        }
        return points;
    }
}
