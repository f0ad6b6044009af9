namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Share of images whose larger logit is that of their label.</summary>
public static class Accuracy
{
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="logits">Two an image, row by row: column 0 no pneumothorax, column 1 pneumothorax. Probabilities do as well.</param>
    /// <returns>0..1; null without images. A tie goes to column 0, as argmax does.</returns>
    /// <exception cref="ArgumentException">There are not two logits a label.</exception>
    public static double? Compute(ReadOnlySpan<byte> labels, ReadOnlySpan<float> logits)
    {
        if (logits.Length != 2 * labels.Length)
            throw new ArgumentException($"{labels.Length} labels do not match {logits.Length} logits; each image has two.");
        if (labels.IsEmpty) return null;

        var right = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var predicted = logits[2 * i + 1] > logits[2 * i] ? 1 : 0;
            if (predicted == labels[i]) right++;
        }
        return (double)right / labels.Length;
    }
}
