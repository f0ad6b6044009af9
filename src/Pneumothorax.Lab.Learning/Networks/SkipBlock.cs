using Pneumothorax.Lab.Experiments.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>
/// Convolution and ReLU; a second convolution and ReLU on the result; then 2 x 2 max pooling of the sum of both.
/// </summary>
/// <remarks>Input: (N, from, S, S) float32, S even. Output: (N, channels, S/2, S/2).</remarks>
internal sealed class SkipBlock : Module<Tensor, Tensor>
{
    // Field names become checkpoint keys ("blocks.0.first.weight"): no underscore, never rename.
    private readonly Conv2d first;
    private readonly Conv2d second;

    public SkipBlock(int from, BlockSpec spec) : base(nameof(SkipBlock))
    {
        first = Conv2d(from, spec.Channels, kernel_size: spec.Kernel, padding: spec.Kernel / 2);
        second = Conv2d(spec.Channels, spec.Channels, kernel_size: spec.Kernel, padding: spec.Kernel / 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var one = functional.relu(first.call(images));       // (N, channels, S, S)
        var two = functional.relu(second.call(one));         // (N, channels, S, S)
        return functional.max_pool2d(one + two, 2).MoveToOuterDisposeScope();
    }
}
