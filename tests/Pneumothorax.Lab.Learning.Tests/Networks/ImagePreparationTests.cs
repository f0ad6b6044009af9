using FsCheck.Xunit;
using Pneumothorax.Lab.Learning.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Networks;

public sealed class ImagePreparationTests
{
    [Fact]
    public void Standardise_AnyImage_HasMeanZeroAndDeviationOneOnItsOwn()
    {
        using var scope = NewDisposeScope();
        var pixels = cat([randint(0, 40, [1, 64, 64]), randint(100, 256, [1, 64, 64])]).to(ScalarType.Byte);

        var images = ImagePreparation.Standardise(pixels, 64);

        Assert.Equal([2, 1, 64, 64], images.shape);
        Assert.True(images.mean([1, 2, 3]).abs().max().item<float>() < 1e-4);
        Assert.True((images.square().mean([1, 2, 3]) - 1).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void Standardise_OneGrey_BecomesZeroAndNotNaN()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, ImagePreparation.Standardise(full([1, 64, 64], 200, dtype: ScalarType.Byte), 32).abs().max().item<float>());
    }

    [Fact]
    public void Standardise_NearlyOneGrey_IsDividedByTheFloorOfTensorFlow()
    {
        using var scope = NewDisposeScope();
        var pixels = zeros([1, 256, 256], ScalarType.Byte);
        pixels[0, 10, 20] = 1;      // deviation 1/256 before rounding: at the floor 1/sqrt(65536)

        var images = ImagePreparation.Standardise(pixels, 256);

        Assert.Equal(256 * (1 - 1f / 65536), images[0, 0, 10, 20].item<float>(), 1e-2f);
    }

    [Property(MaxTest = 20)]
    public bool Standardise_BrighterOrMoreContrast_ChangesNothing(byte offset, bool twice)
    {
        using var scope = NewDisposeScope();
        var dark = randint(0, 60, [1, 32, 32]);
        var bright = dark * (twice ? 2 : 1) + offset % 100;
        return ImagePreparation.Standardise(dark.to(ScalarType.Byte), 16)
            .allclose(ImagePreparation.Standardise(bright.to(ScalarType.Byte), 16), rtol: 1e-4, atol: 1e-4);
    }

    [Fact]
    public void Standardise_HalfTheSide_TakesTheMeanOfFourPixels()
    {
        using var scope = NewDisposeScope();
        var fine = randint(0, 256, [1, 8, 8]).to(ScalarType.Float32);
        var coarse = fine.reshape(1, 4, 2, 4, 2).mean([2, 4]).flatten();
        coarse = (coarse - coarse.mean()) / coarse.std(unbiased: false);

        Assert.True(ImagePreparation.Standardise(fine.to(ScalarType.Byte), 4).flatten().allclose(coarse, rtol: 1e-4, atol: 1e-4));
    }

    [Fact]
    public void Standardise_SideThatDoesNotDivide_NamesBoth()
    {
        using var pixels = zeros([1, 100, 100], ScalarType.Byte);

        var refusal = Assert.Throws<ArgumentException>(() => ImagePreparation.Standardise(pixels, 64));

        Assert.Contains("100 x 100", refusal.Message);
        Assert.Contains("64 x 64", refusal.Message);
    }
}
