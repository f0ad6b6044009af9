using Pneumothorax.Lab.Learning.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

internal static class Prediction
{
    // Fixed, since the batch size can change the last digit of a result; small enough for the lab's network on an 8 GB card.
    public const int BatchSize = 20;

    /// <returns>Logits of these rows, two a row: no pneumothorax, pneumothorax.</returns>
    public static float[] Logits(LabNetwork network, BatchLoader images, IReadOnlyList<long> rows)
    {
        using var frozen = no_grad();
        network.eval();
        var logits = new List<float>(2 * rows.Count);
        foreach (var chunk in rows.Chunk(BatchSize))
        {
            using var scope = NewDisposeScope();
            var (pixels, _) = images.Batch(chunk);
            logits.AddRange(network.call(ImagePreparation.Standardise(pixels, network.Spec.InputSize)).cpu().data<float>().ToArray());
        }
        return [.. logits];
    }
}
