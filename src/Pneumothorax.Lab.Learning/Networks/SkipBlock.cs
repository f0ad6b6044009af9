using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>
/// Convolution and ReLU; a second convolution and ReLU on the result; then 2 x 2 max pooling of the sum of both, or of the second alone.
/// </summary>
/// <remarks>Input: (N, from, S, S), S even. Output: (N, channels, S/2, S/2).</remarks>
internal sealed class SkipBlock : Module<Tensor, Tensor>
{
    // Field names become checkpoint keys ("blocks.0.first.weight"): no underscore, never rename.
    private readonly Conv2d first;
    private readonly Module<Tensor, Tensor>? firstNorm;
    private readonly Conv2d second;
    private readonly Module<Tensor, Tensor>? secondNorm;
    private readonly Skip _skip;

    public SkipBlock(int from, BlockSpec spec, Skip skip, Normalization normalization) : base(nameof(SkipBlock))
    {
        _skip = skip;
        first = Layers.Convolution(from, spec.Channels, spec.Kernel, normalization);
        firstNorm = Layers.Norm(normalization, spec.Channels);
        second = Layers.Convolution(spec.Channels, spec.Channels, spec.Kernel, normalization);
        secondNorm = Layers.Norm(normalization, spec.Channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var one = functional.relu(Layers.Apply(first, firstNorm, images));       // (N, channels, S, S)
        var two = functional.relu(Layers.Apply(second, secondNorm, one));        // (N, channels, S, S)
        return functional.max_pool2d(_skip == Skip.Sum ? one.add(two, ScalarPool.One) : two, 2).MoveToOuterDisposeScope();
    }
}
