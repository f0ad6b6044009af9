using Pneumothorax.Lab.Experiments.Randomness;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>Which averaged feature maps a training step leaves out.</summary>
/// <remarks>A pure function of seed and step, so a resumed run needs no stored state. Source: Srivastava et al., JMLR 2014.</remarks>
internal static class DropoutMask
{
    /// <returns>(images, channels): 0 for the share that is left out, else 1 / (1 - share), so that the mean stays.</returns>
    public static Tensor Draw(int seed, int step, int images, int channels, double share, Device device)
    {
        var random = new StableRandom(seed, RandomUse.Dropout, step);
        var values = new float[images * channels];
        for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() < share ? 0 : (float)(1 / (1 - share));
        return tensor(values, [images, channels], device: device);
    }
}
