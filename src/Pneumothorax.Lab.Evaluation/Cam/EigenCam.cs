using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>The strongest pattern that the feature maps share: their first principal component, uncentred. Source: Muhammad and Yeasin, IJCNN 2020.</summary>
public sealed class EigenCam : IExplanationMethod
{
    public string Word => "eigen-cam";
    public string Title => "Eigen-CAM";
    public string Unit => "activations";
    public string Lesson => "Does not use the class: it shows what the last block reacts to most, whatever the answer is. The map is the same for HAS and DOES NOT have, so it cannot show the evidence for either.";

    public float[] Map(LastBlock block, MapTarget target)
    {
        // Power iteration: maps → how well each fits the pattern → maps weighed by that, until the pattern stays.
        var direction = Enumerable.Repeat(1 / Math.Sqrt(block.Channels), block.Channels).ToArray();
        for (var (round, moved) = (0, 1.0); round < 200 && moved > 1e-7; round++)
        {
            var pattern = block.Weigh(channel => direction[channel]);
            double[] fits = [.. Enumerable.Range(0, block.Channels).Select(channel => Dot(block.Map(channel), pattern))];
            var length = Math.Sqrt(fits.Sum(fit => fit * fit));
            if (length == 0) break;     // nothing fires at all
            moved = fits.Zip(direction, (fit, before) => Math.Abs(fit / length - before)).Max();
            direction = [.. fits.Select(fit => fit / length)];
        }
        return block.Weigh(channel => direction[channel]);
    }

    private static double Dot(ReadOnlySpan<float> a, float[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }
}
