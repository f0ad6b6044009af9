using Pneumothorax.Lab.Experiments.Randomness;
using Pneumothorax.Lab.Learning.Native;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>
/// Weights evenly within +-sqrt(6 / (fan in + fan out)), biases 0, as TensorFlow's layers start; normalizations leave their input's scale.
/// </summary>
/// <remarks>
/// A kernel's fans are its channels times its area. Drawn in order of the layers from the lab's own generator and not torch's,
/// so that a seed gives the same network on a CPU, on any GPU, and after an update of torch.
/// Source: Glorot and Bengio, AISTATS 2010.
/// </remarks>
internal static class GlorotUniform
{
    public static void Initialise(LabNetwork network, int seed)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var random = new StableRandom(seed, RandomUse.Weights);
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (parameter.dim() == 1)
            {
                // A weight of one dimension is a normalization's.
                parameter.fill_(name.EndsWith("weight", StringComparison.Ordinal) ? ScalarPool.One : ScalarPool.Zero);
                continue;
            }
            var limit = Limit(parameter.shape);
            var values = new float[parameter.numel()];
            for (var i = 0; i < values.Length; i++) values[i] = limit * (2 * random.NextSingle() - 1);
            parameter.copy_(tensor(values, parameter.shape));
        }
        foreach (var (name, buffer) in network.named_buffers()) buffer.fill_(name.EndsWith("running_var", StringComparison.Ordinal) ? ScalarPool.One : ScalarPool.Zero);
    }

    /// <param name="shape">(to, from, kernel, kernel) or (to, from).</param>
    internal static float Limit(ReadOnlySpan<long> shape)
    {
        var area = shape.Length == 4 ? shape[2] * shape[3] : 1;
        return (float)Math.Sqrt(6.0 / (area * (shape[0] + shape[1])));
    }
}
