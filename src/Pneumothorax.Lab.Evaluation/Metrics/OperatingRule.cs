namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>What a threshold is to achieve on the images it is chosen on, which are never those that it is judged on.</summary>
public abstract record OperatingRule
{
    private OperatingRule() { }

    /// <summary>Sensitivity plus specificity as high as can be.</summary>
    /// <remarks>Source: Youden, Cancer 3 (1950).</remarks>
    public sealed record Youden : OperatingRule
    {
        private protected override bool Prefers(ConfusionMatrix one, ConfusionMatrix other) => Index(one) > Index(other);

        // In counts, so that equal indices are equal.
        private static long Index(ConfusionMatrix cells) => (long)cells.TruePositives * cells.Negatives - (long)cells.FalsePositives * cells.Positives;
    }

    /// <summary>The highest threshold that still finds this share of the sick.</summary>
    /// <param name="AtLeast">0..1.</param>
    public sealed record Sensitivity(double AtLeast) : OperatingRule
    {
        private protected override bool Allows(ConfusionMatrix cells) => cells.Sensitivity >= AtLeast;

        private protected override bool Prefers(ConfusionMatrix one, ConfusionMatrix other) => false;
    }

    /// <summary>The lowest threshold that still leaves this share of the healthy alone.</summary>
    /// <param name="AtLeast">0..1.</param>
    public sealed record Specificity(double AtLeast) : OperatingRule
    {
        private protected override bool Allows(ConfusionMatrix cells) => cells.Specificity >= AtLeast;

        private protected override bool Prefers(ConfusionMatrix one, ConfusionMatrix other) => true;
    }

    /// <summary>The least expected cost.</summary>
    /// <param name="OfMissed">What a missed sick one costs when a false alarm costs 1; above 0.</param>
    /// <param name="Prevalence">Share of the sick where the model is to be used, 0..1; null for that of the images.</param>
    public sealed record Cost(double OfMissed, double? Prevalence = null) : OperatingRule
    {
        private protected override bool Prefers(ConfusionMatrix one, ConfusionMatrix other) => PerPerson(one) < PerPerson(other);

        /// <returns>Expected cost of one person, where a false alarm costs 1; null where a class is missing.</returns>
        public double? PerPerson(ConfusionMatrix cells) => Prevalence is { } sick
            ? OfMissed * sick * (1 - cells.Sensitivity) + (1 - sick) * (1 - cells.Specificity)
            : cells is { Positives: > 0, Negatives: > 0 } ? (OfMissed * cells.FalseNegatives + cells.FalsePositives) / cells.Total : null;
    }

    /// <summary>Whether the rule may be met by these cells at all.</summary>
    private protected virtual bool Allows(ConfusionMatrix cells) => true;

    /// <summary>Whether a threshold with these cells is better than a higher one with those.</summary>
    private protected abstract bool Prefers(ConfusionMatrix one, ConfusionMatrix other);

    /// <summary>Chooses among the distinct scores and the threshold that calls nobody positive, in O(n). Of equally good ones the highest.</summary>
    /// <param name="images">Those to choose on: validation.</param>
    /// <param name="highest">No threshold lies above this.</param>
    /// <returns>
    /// A score of the list, or the highest one plus 1 for calling nobody positive. Null when a class is missing, or when no threshold does
    /// what is asked.
    /// </returns>
    public double? Choose(RankedScores images, double highest = double.PositiveInfinity)
    {
        if (!images.HasBothClasses) return null;

        (double Threshold, ConfusionMatrix Cells)? best = null;
        // A score at the very top is called positive by every threshold there is.
        if (images.Scores[0] < highest) Consider(images.Scores[0] + 1, new(0, 0, images.Negatives, images.Positives));
        for (var i = 0; i < images.Scores.Length; i++)
        {
            int found = images.PositivesFrom[i], alarmed = images.NegativesFrom[i];
            Consider(images.Scores[i], new(found, alarmed, images.Negatives - alarmed, images.Positives - found));
        }
        return best?.Threshold;

        void Consider(double threshold, ConfusionMatrix cells)
        {
            if (Allows(cells) && (best is not { } known || Prefers(cells, known.Cells))) best = (threshold, cells);
        }
    }
}
