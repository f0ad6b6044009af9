namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Mean squared distance of the probability from what was true: 0 is perfect, 0.25 is always saying one half.</summary>
public static class BrierScore
{
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="probabilities">Of pneumothorax, 0..1; as many as labels.</param>
    /// <returns>0..1; null without images.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a probability is outside 0..1.</exception>
    public static double? Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<double> probabilities)
    {
        LabelledScores.CheckProbabilities(labels, probabilities);
        if (labels.IsEmpty) return null;

        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++) sum += (probabilities[i] - labels[i]) * (probabilities[i] - labels[i]);
        return sum / labels.Length;
    }
}
