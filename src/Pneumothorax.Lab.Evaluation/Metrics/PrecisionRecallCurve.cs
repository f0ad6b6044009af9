namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>One point of a precision-recall curve: what calling every score at or above the threshold positive gives.</summary>
/// <param name="Recall">Share of positives called positive (sensitivity), 0..1.</param>
/// <param name="Precision">Share of those called positive who are (PPV at this list's prevalence), 0..1.</param>
/// <param name="Called">How many are called positive: what the precision is a share of.</param>
public readonly record struct PrecisionRecallPoint(double Threshold, double Recall, double Precision, int Called);

/// <summary>Precision against recall over all thresholds.</summary>
public static class PrecisionRecallCurve
{
    /// <summary>
    /// One point for every distinct score, from the highest down. Equals scikit-learn 1.2's <c>precision_recall_curve</c> in reverse,
    /// without the point (0, 1) that it adds and that no threshold gives.
    /// </summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <returns>Empty without positives, for then there is nothing to recall.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static IReadOnlyList<PrecisionRecallPoint> Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores) => Of(RankedScores.Of(labels, scores));

    /// <summary>The same of scores that are already sorted.</summary>
    /// <inheritdoc cref="Compute"/>
    public static IReadOnlyList<PrecisionRecallPoint> Of(RankedScores ranked)
    {
        double positives = ranked.Positives;
        if (positives == 0) return [];

        var points = new PrecisionRecallPoint[ranked.Scores.Length];
        for (var i = 0; i < points.Length; i++)
        {
            int found = ranked.PositivesFrom[i], called = found + ranked.NegativesFrom[i];
            points[i] = new(ranked.Scores[i], found / positives, (double)found / called, called);
        }
        return points;
    }
}
