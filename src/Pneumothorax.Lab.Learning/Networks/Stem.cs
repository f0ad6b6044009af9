using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>Convolution of stride 2 and ReLU, and perhaps 3 x 3 max pooling of stride 2.</summary>
/// <remarks>Input: (N, 1, S, S). Output: (N, channels, S/2, S/2), or S/4 where it pools.</remarks>
internal sealed class Stem : Module<Tensor, Tensor>
{
    // Field names become checkpoint keys: no underscore, never rename.
    private readonly Conv2d first;
    private readonly Module<Tensor, Tensor>? firstNorm;
    private readonly bool _pools;

    public Stem(StemSpec spec, Normalization normalization) : base(nameof(Stem))
    {
        _pools = spec.Pools;
        first = Layers.Convolution(1, spec.Channels, spec.Kernel, normalization, stride: 2);
        firstNorm = Layers.Norm(normalization, spec.Channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var maps = functional.relu(Layers.Apply(first, firstNorm, images));
        if (_pools) maps = functional.max_pool2d(maps, 3, stride: 2, padding: 1);
        return maps.MoveToOuterDisposeScope();
    }
}
