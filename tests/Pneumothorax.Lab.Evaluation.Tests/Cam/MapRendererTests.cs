using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation.Cam;

namespace Pneumothorax.Lab.Evaluation.Tests.Cam;

public sealed class MapRendererTests
{
    private const int Size = 12;
    private static readonly float[] s_map = [0, -1, 2, 3, 0.5f, 4, 1, 1, -2];

    [Theory]
    [InlineData(InterpolationMode.Nearest)]
    [InlineData(InterpolationMode.Bilinear)]
    [InlineData(InterpolationMode.Bicubic)]
    public void Png_IsTheEnlargedScaledAndColouredMap(InterpolationMode way)
    {
        var values = way.Enlarge(s_map, 3, Size);
        CamPicture.Scale(values, -1, 3);

        Assert.Equal(
            ImageCodec.ColourPng(CamPicture.Map(values, ColourMap.Jet), Size, Size),
            new MapRenderer(ColourMap.Jet, new(-1, 3)) { Interpolation = way }.Png(s_map, 3, Size));
    }

    [Fact]
    public void PngOver_WithoutOpacity_IsTheXRay()
    {
        var xray = Enumerable.Range(0, Size * Size).Select(pixel => (byte)pixel).ToArray();
        using var png = new MemoryStream(new MapRenderer(ColourMap.Inferno, new(0, 3)).PngOver(xray, 0, s_map, 3, Size));

        Assert.Equal(xray, ImageCodec.DecodeGrey(png).Pixels);
    }

    [Fact]
    public void Png_WithoutRange_GoesFromTheLowestToTheHighestValueDrawn()
    {
        using var png = new MemoryStream(new MapRenderer(ColourMap.Grey).Png(s_map, 3, Size));
        var grey = ImageCodec.DecodeGrey(png).Pixels;

        Assert.Equal((0, 255), (grey.Min(), grey.Max()));
    }
}
