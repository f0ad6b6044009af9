using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>
/// Two convolutions that learn what to add to their input: ReLU of (input + second(ReLU(first(input)))). Where side or channels change, a
/// 1 x 1 convolution brings the input to the new shape.
/// </summary>
/// <remarks>
/// Input: (N, from, S, S). Output: (N, to, S/stride, S/stride). The basic block of He et al., CVPR 2016.
/// </remarks>
internal sealed class ResidualUnit : Module<Tensor, Tensor>
{
    // Field names become checkpoint keys: no underscore, never rename.
    private readonly Conv2d first;
    private readonly Module<Tensor, Tensor>? firstNorm;
    private readonly Conv2d second;
    private readonly Module<Tensor, Tensor>? secondNorm;
    private readonly Conv2d? shortcut;
    private readonly Module<Tensor, Tensor>? shortcutNorm;
    private readonly Skip _skip;

    public ResidualUnit(int from, int to, int kernel, int stride, Skip skip, Normalization normalization) : base(nameof(ResidualUnit))
    {
        _skip = skip;
        first = Layers.Convolution(from, to, kernel, normalization, stride);
        firstNorm = Layers.Norm(normalization, to);
        second = Layers.Convolution(to, to, kernel, normalization);
        secondNorm = Layers.Norm(normalization, to);
        if (skip == Skip.Sum && (stride > 1 || from != to))
        {
            shortcut = Layers.Convolution(from, to, kernel: 1, normalization, stride);
            shortcutNorm = Layers.Norm(normalization, to);
        }
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var maps = Layers.Apply(second, secondNorm, functional.relu(Layers.Apply(first, firstNorm, images)));
        if (_skip == Skip.Sum) maps = maps.add(shortcut is null ? images : Layers.Apply(shortcut, shortcutNorm, images), ScalarPool.One);
        return functional.relu(maps).MoveToOuterDisposeScope();
    }
}
