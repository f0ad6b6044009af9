namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Who was called what at one threshold, and the clinical rates that follow.</summary>
public sealed record ConfusionMatrix(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>Counts with every score at or above the threshold called positive.</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">As many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public static ConfusionMatrix At(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores, double threshold)
    {
        LabelledScores.Check(labels, scores);
        int truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            switch (scores[i] >= threshold, labels[i])
            {
                case (true, 1): truePositives++; break;
                case (true, _): falsePositives++; break;
                case (false, 1): falseNegatives++; break;
                case (false, _): trueNegatives++; break;
            }
        }
        return new(truePositives, falsePositives, trueNegatives, falseNegatives);
    }

    public int Positives => TruePositives + FalseNegatives;
    public int Negatives => TrueNegatives + FalsePositives;
    public int Total => Positives + Negatives;

    /// <summary>Share of the sick who are found (recall); null without sick.</summary>
    public double? Sensitivity => Share(TruePositives, Positives);

    /// <summary>Share of the healthy who are left alone; null without healthy.</summary>
    public double? Specificity => Share(TrueNegatives, Negatives);

    /// <summary>Positive predictive value: share of alarms that are right (precision), at this set's prevalence; null without alarms.</summary>
    public double? Ppv => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>Negative predictive value: share of all-clears that are right, at this set's prevalence; null without all-clears.</summary>
    public double? Npv => Share(TrueNegatives, TrueNegatives + FalseNegatives);

    public double? Accuracy => Share(TruePositives + TrueNegatives, Total);

    /// <summary>Positive predictive value where another share of patients is sick, by Bayes' rule.</summary>
    /// <param name="prevalence">Share of the sick, 0..1.</param>
    /// <returns>Null where a class is missing, or where nobody would be called positive.</returns>
    public double? PpvAt(double prevalence) =>
        Bayes(Sensitivity * Checked(prevalence), (1 - Specificity) * (1 - prevalence));

    /// <summary>Negative predictive value where another share of patients is sick, by Bayes' rule.</summary>
    /// <inheritdoc cref="PpvAt"/>
    public double? NpvAt(double prevalence) =>
        Bayes(Specificity * (1 - Checked(prevalence)), (1 - Sensitivity) * prevalence);

    private static double Checked(double prevalence) =>
        prevalence is >= 0 and <= 1 ? prevalence : throw new ArgumentOutOfRangeException(nameof(prevalence), prevalence, "Prevalence goes from 0 to 1.");

    private static double? Bayes(double? right, double? wrong) => right + wrong > 0 ? right / (right + wrong) : null;

    private static double? Share(int part, int whole) => whole > 0 ? (double)part / whole : null;
}
