using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>Turns grey pixels into what a network sees, on the device that holds them.</summary>
public static class ImagePreparation
{
    /// <summary>
    /// Shrinks where the network's input is smaller, by the mean of each k x k square of pixels (no aliasing: every pixel counts the same;
    /// 256 to 128 is the mean of 2 x 2), then standardises each image on its own, as TensorFlow does:
    /// (x - mean) / max(std, 1/sqrt(number of pixels)).
    /// </summary>
    /// <param name="pixels">(N, H, H) uint8, any device.</param>
    /// <param name="inputSize">Side S of the network's input; divides H.</param>
    /// <returns>(N, 1, S, S) float32 on the same device; an image of one grey becomes all 0.</returns>
    /// <exception cref="ArgumentException">S does not divide H; the message has both.</exception>
    public static Tensor Standardise(Tensor pixels, int inputSize)
    {
        using var scope = NewDisposeScope();
        var side = pixels.shape[^1];
        if (side % inputSize != 0)
            throw new ArgumentException($"Images of {side} x {side} pixels cannot be shrunk evenly to {inputSize} x {inputSize}.");

        var images = pixels.unsqueeze(1).to(ScalarType.Float32);                        // (N, 1, H, H)
        var factor = side / inputSize;
        if (factor > 1) images = nn.functional.avg_pool2d(images, factor);              // (N, 1, S, S)

        images = images - images.mean([1, 2, 3], keepdim: true);
        var deviation = images.square().mean([1, 2, 3], keepdim: true).sqrt();          // (N, 1, 1, 1)
        return (images / deviation.clamp_min(1.0 / inputSize)).MoveToOuterDisposeScope();
    }
}
