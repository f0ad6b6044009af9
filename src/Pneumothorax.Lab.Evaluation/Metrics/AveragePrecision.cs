namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Summary of the precision-recall curve: precision at each distinct score, weighted by the recall gained there.</summary>
public static class AveragePrecision
{
    /// <summary>No interpolation; equals scikit-learn's <c>average_precision_score</c>.</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <returns>0..1; null without positives, for then there is nothing to recall.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static double? Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores) => Of(RankedScores.Of(labels, scores));

    /// <summary>The same of scores that are already sorted.</summary>
    /// <returns>0..1; null without positives.</returns>
    public static double? Of(RankedScores ranked)
    {
        if (ranked.Positives == 0) return null;

        double sum = 0;
        var before = 0;
        for (var i = 0; i < ranked.Scores.Length; i++)
        {
            var found = ranked.PositivesFrom[i];
            sum += (double)(found - before) * found / (found + ranked.NegativesFrom[i]);
            before = found;
        }
        return Math.Min(sum / ranked.Positives, 1);        // a perfect list may round to a hair above
    }
}
