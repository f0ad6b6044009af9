namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Area under the ROC curve with its 95 % interval.</summary>
/// <param name="Value">0..1; null when only one class is present, for then the area does not exist.</param>
/// <param name="Low">Lower end, clipped to 0..1; null with fewer than two images of either class, for then no variance can be estimated.</param>
public readonly record struct AurocResult(double? Value, double? Low, double? High)
{
    /// <summary>Nothing is out of order, or nothing has an order: every placement is the same, and DeLong's interval has no width.</summary>
    public bool HasNoWidth => Low is not null && Low == High;
}

/// <summary>The chance that a random positive scores above a random negative; a tie counts half.</summary>
public static class Auroc
{
    /// <summary>Area and DeLong interval, in O(n).</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static AurocResult Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores) => Of(RankedScores.Of(labels, scores));

    /// <summary>Area and DeLong interval of scores that are already sorted.</summary>
    /// <remarks>As <see cref="DeLong"/> has it, but equal scores, whose placements are equal, are counted together.</remarks>
    public static AurocResult Of(RankedScores ranked)
    {
        if (!ranked.HasBothClasses) return default;

        double positives = ranked.Positives, negatives = ranked.Negatives, won = 0;
        foreach (var tie in new Ties(ranked)) won += tie.Positives * tie.NegativesBelow;
        var area = won / (positives * negatives);
        if (ranked.Positives < 2 || ranked.Negatives < 2) return new(area, null, null);

        double below = 0, above = 0, meanBelow = won / positives, meanAbove = won / negatives;
        foreach (var tie in new Ties(ranked))
        {
            below += tie.Positives * (tie.NegativesBelow - meanBelow) * (tie.NegativesBelow - meanBelow);
            above += tie.Negatives * (tie.PositivesAbove - meanAbove) * (tie.PositivesAbove - meanAbove);
        }
        var variance = below / (positives - 1) / positives / (negatives * negatives) + above / (negatives - 1) / negatives / (positives * positives);
        var reach = NormalDistribution.Quantile95 * Math.Sqrt(variance);
        return new(area, Math.Clamp(area - reach, 0, 1), Math.Clamp(area + reach, 0, 1));
    }

    /// <summary>Images with one score, and their placement in the other class; ties count half there.</summary>
    private readonly record struct Tie(int Positives, int Negatives, double NegativesBelow, double PositivesAbove);

    /// <summary>From the highest score down, without a list of them.</summary>
    private ref struct Ties(RankedScores ranked)
    {
        private readonly ReadOnlySpan<int> _positives = ranked.PositivesFrom, _negatives = ranked.NegativesFrom;
        private int _at = -1;

        public readonly Ties GetEnumerator() => this;

        public bool MoveNext() => ++_at < _positives.Length;

        public readonly Tie Current
        {
            get
            {
                int above = _at == 0 ? 0 : _positives[_at - 1], alarmed = _at == 0 ? 0 : _negatives[_at - 1];
                int positives = _positives[_at] - above, negatives = _negatives[_at] - alarmed;
                return new(positives, negatives, _negatives[^1] - _negatives[_at] + negatives / 2.0, above + positives / 2.0);
            }
        }
    }
}
