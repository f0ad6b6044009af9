using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Learning.Evaluation;

namespace Pneumothorax.Lab.Learning.Tests.Evaluation;

public sealed class PredictorTests
{
    [Theory]
    [InlineData(500, 600)]
    [InlineData(300, 200)]
    [InlineData(256, 256)]
    public void Fit_GivesThePictureTheShapeThatAnImportGivesIt(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height).Select(i => (byte)(100 + (i % width % 100)))];
        var imported = new byte[256 * 256];
        new SquareFrame(width, height).ToImage(pixels, imported);

        var own = Predictor.Fit(pixels, width, height);

        Assert.Equal(imported, own);
        // Beside a tall picture it is black, above a wide one.
        Assert.Equal(width == height, own[0] > 0);
        Assert.Equal(height >= width, own[128] > 0);
    }
}
