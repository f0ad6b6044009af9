using System.Collections;

namespace Pneumothorax.Lab.Evaluation.Metrics;

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
    public static IReadOnlyList<RocPoint> Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores) => Of(RankedScores.Of(labels, scores));

    /// <summary>The same of scores that are already sorted: a view of their counts, for a copy of a long curve costs more than its sorting.</summary>
    /// <inheritdoc cref="Compute"/>
    public static IReadOnlyList<RocPoint> Of(RankedScores ranked) => new Points(ranked);

    private sealed class Points(RankedScores ranked) : IReadOnlyList<RocPoint>
    {
        private readonly double _positives = ranked.Positives, _negatives = ranked.Negatives;

        public int Count => ranked.Scores.IsEmpty ? 0 : ranked.Scores.Length + 1;

        public RocPoint this[int index] => index == 0
            ? new(ranked.Scores[0] + 1, 0 / _negatives, 0 / _positives)
            : new(ranked.Scores[index - 1], ranked.NegativesFrom[index - 1] / _negatives, ranked.PositivesFrom[index - 1] / _positives);

        public IEnumerator<RocPoint> GetEnumerator()
        {
            for (var i = 0; i < Count; i++) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
