namespace Pneumothorax.Lab.Evaluation.Tests;

/// <summary>Small evaluations whose every number can be checked by hand.</summary>
internal static class SampleEvaluations
{
    public const int Side = 4;

    /// <summary>Ten test images with the probabilities 0.05, 0.15, ... 0.95; by default the upper four HAVE it, but for one mix-up.</summary>
    /// <param name="labels">Ten digits, 0 or 1.</param>
    /// <param name="validationLabels">As many digits; the probabilities are the same as in the test set.</param>
    /// <param name="scores">Other probabilities of the test images.</param>
    /// <param name="dataHash">Tells one data set's images from another's.</param>
    /// <param name="validationScores">Other probabilities of the validation images.</param>
    /// <param name="kept">Images whose feature maps are kept: one channel, the map of class 1, with the weights -1 and 1.</param>
    /// <param name="cam">Value of the map of class 1 at an image, row and column; class 0 has its negative.</param>
    public static RunEvaluation Of(string labels = "0000100111", string validationLabels = "0000010111", Func<int, int, int, float>? cam = null,
        double[]? scores = null, string dataHash = "hash", string dataset = "sample", double[]? validationScores = null, int[]? kept = null)
    {
        cam ??= (index, row, column) => (row, column) == (1, 2) ? index : 0;
        byte[] truths = [.. labels.Select(digit => (byte)(digit - '0'))];
        scores ??= [.. truths.Select((_, index) => 0.05 + 0.1 * index)];
        var maps = new float[truths.Length * 2 * Side * Side];
        var logits = new float[truths.Length * 2];
        float[] bias = [0.25f, -0.5f];
        for (var index = 0; index < truths.Length; index++)
        {
            for (var cell = 0; cell < Side * Side; cell++)
            {
                var value = cam(index, cell / Side, cell % Side);
                maps[index * 2 * Side * Side + cell] = -value;
                maps[(index * 2 + 1) * Side * Side + cell] = value;
            }
            var mean = maps.AsSpan((index * 2 + 1) * Side * Side, Side * Side).ToArray().Average();
            (logits[index * 2], logits[index * 2 + 1]) = (-mean + bias[0], mean + bias[1]);
        }
        return new(new()
        {
            Info = new("Run 18", 650, dataset, dataHash, "lite", "test", "test"),
            Labels = truths,
            Logits = logits,
            Probabilities = [.. scores.SelectMany(score => new[] { 1 - score, score })],
            MapSize = Side,
            Cam = maps,
            ClassifierWeight = kept is null ? new float[2] : [-1, 1],
            ClassifierBias = bias,
            FeatureIndex = kept ?? [],
            Features = (float[])[.. (kept ?? []).SelectMany(index => maps[((index * 2 + 1) * Side * Side)..((index * 2 + 2) * Side * Side)])],
            ValidationLabels = [.. validationLabels.Select(digit => (byte)(digit - '0'))],
            ValidationLogits = new float[2 * validationLabels.Length],
            ValidationProbabilities = validationScores is null
                ? [.. validationLabels.SelectMany((_, index) => new[] { 0.95 - 0.1 * index, 0.05 + 0.1 * index })]
                : [.. validationScores.SelectMany(score => new[] { 1 - score, score })],
        });
    }
}
