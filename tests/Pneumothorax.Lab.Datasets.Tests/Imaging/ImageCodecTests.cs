using FsCheck;
using FsCheck.Xunit;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Tests.Imaging;

public sealed class ImageCodecTests
{
    [Theory]
    [InlineData(256, 256)]
    [InlineData(3, 5)]
    public void GreyPng_Decoded_GivesEveryPixelBack(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height).Select(i => (byte)(i * 7))];

        using var png = new MemoryStream(ImageCodec.GreyPng(pixels, width, height));
        var decoded = ImageCodec.DecodeGrey(png);

        Assert.Equal((width, height), (decoded.Width, decoded.Height));
        Assert.Equal(pixels, decoded.Pixels);
    }

    [Fact]
    public void ColourPng_Decoded_GivesLuminance()
    {
        using var png = new MemoryStream(ImageCodec.ColourPng([255, 0, 0, 0, 255, 0], 2, 1));

        Assert.Equal([76, 150], ImageCodec.DecodeGrey(png).Pixels);
    }

    [Fact]
    public void GreyPng_OpensInPillow_AsGrey()
    {
        Python.SkipWithout("PIL");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.png"], ImageCodec.GreyPng(SampleFile.Image(1), 256, 256));

        var said = Python.Run("import sys\nfrom PIL import Image\ni = Image.open(sys.argv[1])\nprint(i.mode, i.size, i.getpixel((3, 2)))", folder["a.png"]);

        Assert.Equal($"L (256, 256) {SampleFile.Grey(1, 2 * 256 + 3)}", said);
    }

    [Fact]
    public void DecodeGrey_NotAPicture_IsRefused()
    {
        using var text = new MemoryStream("hello"u8.ToArray());

        Assert.Throws<InvalidDataException>(() => ImageCodec.DecodeGrey(text));
    }

    [Property]
    public bool Resample_OneShade_StaysThatShade(byte shade, PositiveInt width, PositiveInt height)
    {
        int w = width.Get % 70 + 1, h = height.Get % 70 + 1;
        var flat = Enumerable.Repeat(shade, 20 * 30).ToArray();

        return ImageCodec.Resample(flat, 20, 30, w, h).All(value => value == shade) && ImageCodec.Resample(flat, 20, 30, w, h).Length == w * h;
    }

    [Fact]
    public void Resample_ToTheSameSize_ChangesNothing() =>
        Assert.Equal(SampleFile.Image(2, 64), ImageCodec.Resample(SampleFile.Image(2, 64), 64, 64, 64, 64));

    [Theory]
    [InlineData(64, 256)]
    [InlineData(256, 100)]
    public void Resample_AnySize_AgreesWithPillow(int from, int to)
    {
        Python.SkipWithout("PIL", "numpy");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["from.png"], ImageCodec.GreyPng(SampleFile.Image(3, from), from, from));
        File.WriteAllBytes(folder["to.png"], ImageCodec.GreyPng(ImageCodec.Resample(SampleFile.Image(3, from), from, from, to, to), to, to));

        var difference = Python.Run(
            """
            import sys, numpy
            from PIL import Image
            a, b = Image.open(sys.argv[1]), Image.open(sys.argv[2])
            print(numpy.abs(numpy.asarray(a.resize(b.size, Image.BILINEAR)).astype(int) - numpy.asarray(b)).max())
            """, folder["from.png"], folder["to.png"]);

        Assert.InRange(int.Parse(difference, System.Globalization.CultureInfo.InvariantCulture), 0, 1);
    }
}
