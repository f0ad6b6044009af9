using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Networks;

public sealed class ImageVariationTests
{
    private const int Side = 256;

    /// <summary>The launch form draws its preview without torch: it must be what training sees.</summary>
    [Theory]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(64)]
    public void Draw_IsWhatTheTrainerDoesOnTensors_ToOneGreyValue(int inputSize)
    {
        var hyperparameters = new Hyperparameters { Seed = 3, Flip = true, Rotate = true, Shift = true, Scale = true, Exposure = true };
        var grey = new byte[Side * Side];
        new Random(1).NextBytes(grey);
        using var scope = NewDisposeScope();
        var pixels = tensor(grey, [1, Side, Side], dtype: ScalarType.Byte).expand(6, Side, Side);
        var trained = ImagePreparation.Augment(ImagePreparation.Shrink(pixels, inputSize), hyperparameters, step: 7).flatten(1);

        for (var place = 0; place < 6; place++)
        {
            var change = Augmentation.Draw(hyperparameters, step: 7, place);
            var drawn = ImageVariation.Draw(grey, Side, inputSize, change.Source(), change.Gamma);

            float[] expected = [.. trained[place].contiguous().data<float>()];
            Assert.All(drawn.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1.0f));
        }
    }
}
