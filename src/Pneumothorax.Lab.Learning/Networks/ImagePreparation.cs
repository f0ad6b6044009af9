using Pneumothorax.Lab.Experiments.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Networks;

/// <summary>Turns grey pixels into what a network sees, on the device that holds them.</summary>
public static class ImagePreparation
{
    /// <summary>Shrinks, then standardises: see <see cref="Shrink"/> and <see cref="Standardise(Tensor)"/>.</summary>
    /// <param name="pixels">(N, H, H) uint8, any device.</param>
    /// <returns>(N, 1, S, S) float32 on the same device; an image of one grey becomes all 0.</returns>
    /// <exception cref="ArgumentException">S does not divide H; the message has both.</exception>
    public static Tensor Standardise(Tensor pixels, int inputSize)
    {
        using var scope = NewDisposeScope();
        return Standardise(Shrink(pixels, inputSize)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Shrinks where the network's input is smaller, by the mean of each k x k square of pixels (no aliasing: every pixel counts the same;
    /// 256 to 128 is the mean of 2 x 2).
    /// </summary>
    /// <param name="pixels">(N, H, H) uint8, any device.</param>
    /// <param name="inputSize">Side S of the network's input; divides H.</param>
    /// <returns>(N, 1, S, S) float32, still 0..255.</returns>
    /// <exception cref="ArgumentException">S does not divide H; the message has both.</exception>
    public static Tensor Shrink(Tensor pixels, int inputSize)
    {
        using var scope = NewDisposeScope();
        var side = pixels.shape[^1];
        if (side % inputSize != 0)
            throw new ArgumentException($"Images of {side} x {side} pixels cannot be shrunk evenly to {inputSize} x {inputSize}.");

        var images = pixels.unsqueeze(1).to(ScalarType.Float32);                        // (N, 1, H, H)
        var factor = side / inputSize;
        if (factor > 1) images = nn.functional.avg_pool2d(images, factor);              // (N, 1, S, S)
        return images.MoveToOuterDisposeScope();
    }

    /// <summary>Each image on its own, as TensorFlow does: (x - mean) / max(std, 1/sqrt(number of pixels)).</summary>
    /// <param name="images">(N, 1, S, S) float32.</param>
    public static Tensor Standardise(Tensor images)
    {
        using var scope = NewDisposeScope();
        images = images - images.mean([1, 2, 3], keepdim: true);
        var deviation = (images * images).mean([1, 2, 3], keepdim: true).sqrt();          // (N, 1, 1, 1)
        using Scalar floor = 1.0 / images.shape[^1];
        return (images / deviation.clamp_min(floor)).MoveToOuterDisposeScope();
    }

    /// <summary>Changes each image of a batch as <see cref="Augmentation"/> says, by bilinear resampling; beyond the edge the edge goes on.</summary>
    /// <param name="images">(N, 1, S, S) float32, 0..255.</param>
    /// <param name="step">The step that the batch belongs to.</param>
    public static Tensor Augment(Tensor images, Hyperparameters hyperparameters, int step)
    {
        using var scope = NewDisposeScope();
        var changes = Enumerable.Range(0, (int)images.shape[0]).Select(place => Augmentation.Draw(hyperparameters, step, place)).ToList();
        if (hyperparameters.Flip || hyperparameters.Rotate || hyperparameters.Shift || hyperparameters.Scale)
        {
            var matrices = changes.SelectMany(change =>
            {
                var (xx, xy, x1, yx, yy, y1) = change.Source();
                return new[] { (float)xx, (float)xy, (float)x1, (float)yx, (float)yy, (float)y1 };
            }).ToArray();
            var grid = nn.functional.affine_grid(tensor(matrices, [changes.Count, 2, 3], device: images.device), images.shape, align_corners: false);
            images = nn.functional.grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false);
        }
        if (hyperparameters.Exposure)
        {
            var gammas = tensor(changes.Select(change => (float)change.Gamma).ToArray(), device: images.device).reshape(-1, 1, 1, 1);
            using Scalar white = 255;
            images = images.div(white).pow(gammas).mul(white);
        }
        return images.MoveToOuterDisposeScope();
    }
}
