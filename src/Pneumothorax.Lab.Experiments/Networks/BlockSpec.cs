namespace Pneumothorax.Lab.Experiments.Networks;

public enum BlockKind
{
    /// <summary>The exercise's: two convolutions, then 2 x 2 max pooling of the sum of both.</summary>
    Pooling,

    /// <summary>Two residual units of two convolutions each, as in ResNet-18; the first halves the side by its stride.</summary>
    Residual,
}

/// <summary>"Same" convolutions with ReLU between one side and half of it; see <see cref="BlockKind"/>.</summary>
/// <param name="Channels">Feature maps of every convolution in it.</param>
/// <param name="Kernel">Side of the square kernels; odd.</param>
/// <param name="Halves">Whether the side is halved; a pooling block always does.</param>
public sealed record BlockSpec(int Channels, int Kernel, BlockKind Kind = BlockKind.Pooling, bool Halves = true);

/// <summary>A first convolution of stride 2, so that all others see half the side.</summary>
/// <param name="Pools">3 x 3 max pooling of stride 2 after it, which halves the side once more.</param>
public sealed record StemSpec(int Channels, int Kernel, bool Pools = false);
