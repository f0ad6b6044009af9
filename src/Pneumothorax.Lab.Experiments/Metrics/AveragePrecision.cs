namespace Pneumothorax.Lab.Experiments.Metrics;

/// <summary>Summary of the precision-recall curve: precision at each distinct score, weighted by the recall gained there.</summary>
public static class AveragePrecision
{
    /// <summary>No interpolation; equals scikit-learn's <c>average_precision_score</c>.</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <returns>0..1; null without positives, for then there is nothing to recall.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static double? Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores)
    {
        LabelledScores.Check(labels, scores);
        var positives = labels.Count((byte)1);
        if (positives == 0) return null;

        var order = LabelledScores.ByFallingScore(scores);
        double sum = 0;
        int found = 0, foundBefore = 0;
        for (var i = 0; i < order.Length; i++)
        {
            found += labels[order[i]];
            var lastOfItsScore = i + 1 == order.Length || scores[order[i + 1]] != scores[order[i]];
            if (!lastOfItsScore) continue;

            sum += (double)found / (i + 1) * (found - foundBefore);
            foundBefore = found;
        }
        return sum / positives;
    }
}
