using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Benchmarks;

/// <summary>How fast a device multiplies large matrices: the most that its arithmetic gives in the same library.</summary>
/// <remarks>
/// On a CPU two libraries inside libtorch multiply matrices, MKL for products and oneDNN for convolutions, and MKL leaves half of some
/// processors unused. So the product is asked of both, as a product and as a 1 x 1 convolution, and the faster one is the peak.
/// </remarks>
public sealed class MatrixPeak : IDisposable
{
    // Large enough that memory does not count, small enough for a fraction of a second on two cores.
    private const int Side = 2048;

    // As an image: Side = width x height positions with Side channels.
    private const int Height = 32;
    private const int Width = Side / Height;

    private readonly Tensor _left;
    private readonly Tensor _right;
    private readonly Tensor _image;
    private readonly Tensor _kernels;

    public MatrixPeak(Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        _left = randn([Side, Side], device: device).to(type).DetachFromDisposeScope();
        _right = randn([Side, Side], device: device).to(type).DetachFromDisposeScope();
        _image = _right.view(1, Side, Height, Width).DetachFromDisposeScope();
        _kernels = _left.view(Side, Side, 1, 1).DetachFromDisposeScope();
    }

    /// <param name="atLeast">How long to go on with either.</param>
    /// <returns>Multiplications and additions a second.</returns>
    public double Measure(TimeSpan atLeast) => 2.0 * Side * Side * Side
        * Math.Max(Repetition.PerSecond(Multiply, _left.device, atLeast / 2), Repetition.PerSecond(Convolve, _left.device, atLeast / 2));

    public void Dispose()
    {
        _kernels.Dispose();
        _image.Dispose();
        _left.Dispose();
        _right.Dispose();
    }

    private void Multiply()
    {
        using var product = _left.mm(_right);
    }

    private void Convolve()
    {
        using var product = nn.functional.conv2d(_image, _kernels);
    }
}
