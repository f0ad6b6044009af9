namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>What every score-based metric asks of its input, checked in one place.</summary>
internal static class LabelledScores
{
    /// <exception cref="ArgumentException">Different lengths, a label other than 0 and 1, or a score that is not a finite number.</exception>
    public static void Check(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores)
    {
        if (labels.Length != scores.Length)
            throw new ArgumentException($"{labels.Length} labels do not go with {scores.Length} scores.");

        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] > 1) throw new ArgumentException($"Label {i} is {labels[i]}; labels are 0 or 1.");
            if (!double.IsFinite(scores[i])) throw new ArgumentException($"Score {i} is {scores[i]}; scores are finite numbers.");
        }
    }

    /// <exception cref="ArgumentException">As in <see cref="Check"/>, or a probability outside 0..1.</exception>
    public static void CheckProbabilities(ReadOnlySpan<byte> labels, ReadOnlySpan<double> probabilities)
    {
        Check(labels, probabilities);
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] is < 0 or > 1) throw new ArgumentException($"Probability {i} is {probabilities[i]}; it goes from 0 to 1.");
        }
    }
}
