using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Pneumothorax.Lab.Datasets.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Pneumothorax.Lab.Datasets.Tests.Imaging;

/// <summary>Files from anywhere: good ones come out upright and grey, every other gets one clear line.</summary>
public sealed class UntrustedImageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-foreign-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Png_WhateverItsName_IsReadExactly()
    {
        var grey = Ramp(80, 64);
        var picture = UntrustedImage.Read(Write("patient.dcm", ImageCodec.GreyPng(grey, 80, 64)));
        Assert.Equal((80, 64, "PNG"), (picture.Width, picture.Height, picture.Kind));
        Assert.Equal(grey, picture.Pixels);
        Assert.Empty(picture.Warnings);
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("<html><script>alert(1)</script></html>", "a web page or a drawing")]
    [InlineData("  \n<svg xmlns='http://www.w3.org/2000/svg'/>", "a web page or a drawing")]
    [InlineData("GIF89a............", "a GIF")]
    [InlineData("RIFF....WEBPVP8 ", "a WebP picture")]
    [InlineData("%PDF-1.7", "a PDF")]
    [InlineData("PK\u0003\u0004", "a ZIP")]
    [InlineData("hello", "not a picture that can be read here")]
    public void OtherFormat_IsRefusedByItsContent(string content, string reason)
    {
        var refused = Assert.Throws<InvalidDataException>(() => UntrustedImage.Read(Write("xray.png", Encoding.Latin1.GetBytes(content))));
        Assert.Contains(reason, refused.Message);
        Assert.DoesNotContain(_folder, refused.Message);
    }

    [Theory]
    [InlineData(60_000, 60_000, "60000 x 60000")]
    [InlineData(8_000, 8_000, "the limit is 32 megapixels")]
    [InlineData(1, 1, "at least 64")]
    [InlineData(600, 100, "no side may be longer than 4 times")]
    public void Size_IsToldFromTheHeader(int width, int height, string reason)
    {
        // A header alone: whoever decoded it would find it cut short instead.
        var refused = Assert.Throws<InvalidDataException>(() => UntrustedImage.Read(Write("bomb.png", PngHeader(width, height))));
        Assert.Contains(reason, refused.Message);
    }

    [Theory]
    [InlineData("PNG")]
    [InlineData("JPEG")]
    [InlineData("JPEG in colour")]
    [InlineData("interlaced PNG")]
    public void CutShort_IsRefused(string kind)
    {
        // Noise, which cannot be packed: half of the file is half of the picture.
        var noise = new byte[128 * 96];
        new Random(1).NextBytes(noise);
        var whole = Encode(EncoderFor(kind), noise, 128, 96);
        Assert.Equal((128, 96), (UntrustedImage.Read(Write("whole", whole)).Width, UntrustedImage.Read(Write("whole", whole)).Height));
        var refused = Assert.Throws<InvalidDataException>(() => UntrustedImage.Read(Write("half", whole[..(whole.Length / 2)])));
        Assert.Contains("damaged or cut short", refused.Message);
    }

    [Fact]
    public void DamagedPixels_BelowAGoodHeader_AreCalledDamaged()
    {
        var png = ImageCodec.GreyPng(Ramp(64, 64), 64, 64);
        png[60] ^= 0x10;
        Assert.Contains("damaged or cut short", Assert.Throws<InvalidDataException>(() => UntrustedImage.Read(Write("spoilt.png", png))).Message);
    }

    [Fact]
    public void RowsMissing_InAPngThatEndsAsItShould_IsRefused()
    {
        // A picture of 64 rows under a header that declares 96, all else in order; and black ones, which need no more than they have.
        var still = ImageCodec.GreyPng(Ramp(64, 64), 64, 64);
        var taller = PngHeader(64, 96)[..33];
        var refused = Assert.Throws<InvalidDataException>(() => UntrustedImage.Read(Write("taller.png", [.. taller, .. still[33..]])));
        Assert.Contains("damaged or cut short", refused.Message);

        byte[] darkBelow = [.. Ramp(64, 64), .. new byte[64 * 32]];
        Assert.Equal(darkBelow, UntrustedImage.Read(Write("dark.png", ImageCodec.GreyPng(darkBelow, 64, 96))).Pixels);
    }

    [Fact]
    public void ExifRotation_IsApplied()
    {
        // Dark at the left, bright at the right; held so that its left side is up.
        var jpeg = WithOrientation(Encode(EncoderFor("JPEG"), Ramp(128, 64), 128, 64), orientation: 6);
        var picture = UntrustedImage.Read(Write("phone.jpg", jpeg));
        Assert.Equal((64, 128), (picture.Width, picture.Height));
        Assert.True(picture.Pixels[0] < 40 && picture.Pixels[^1] > 215, $"{picture.Pixels[0]} above, {picture.Pixels[^1]} below");
    }

    [Fact]
    public void SixteenBitGrey_KeepsItsContrast()
    {
        // Twelve bits in sixteen, as a scanner writes them: without care all of it would be nearly black.
        var picture = UntrustedImage.Read(Write("deep.png", DeepPng(96, 64, (x, _) => (ushort)(x * 4095 / 95))));
        var row = picture.Pixels[..96];
        Assert.Equal((0, 255), (row[0], row[95]));
        Assert.Equal([.. Enumerable.Range(0, 96).Select(x => (byte)Math.Round(255.0 * x / 95))], row, (one, other) => Math.Abs(one - other) <= 1);
        Assert.Contains("sixteen bits", picture.Warnings.Single());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void SixteenBits_OfAnyKindOfColour_AreReadLikeGrey_HereAndInAnImport(int colours)
    {
        static ushort Value(int x, int y) => (ushort)(x * 4095 / 95);

        var expected = UntrustedImage.Read(Write("grey.png", DeepPng(96, 64, Value)));
        var bytes = DeepPng(96, 64, Value, colours);
        using var imported = new MemoryStream(bytes);

        var picture = UntrustedImage.Read(Write("deep.png", bytes));

        Assert.Equal(expected.Pixels, picture.Pixels, (one, other) => Math.Abs(one - other) <= 1);
        Assert.Equal(expected.Warnings, picture.Warnings);
        Assert.Equal(picture.Pixels, ImageCodec.DecodeGrey(imported).Pixels);
    }

    [Fact]
    public void SixteenBits_OnePixelFarOutsideTheOthers_TakesNoContrastFromThem()
    {
        var picture = UntrustedImage.Read(Write("hot.png", DeepPng(96, 64, (x, y) => x == 40 && y == 40 ? ushort.MaxValue : (ushort)(x * 4095 / 95))));

        Assert.Equal((0, 255), (picture.Pixels[0], picture.Pixels[95]));
        Assert.Contains("1 pixel is far outside the other values and was left out of the range of grey values", picture.Warnings);
    }

    [Fact]
    public void Blank_IsReadWithAWarning()
    {
        var picture = UntrustedImage.Read(Write("blank.png", ImageCodec.GreyPng(new byte[64 * 64], 64, 64)));
        Assert.Contains("single grey value", picture.Warnings.Single());
    }

    [Fact]
    public void AnimatedPng_GivesItsFirstPicture()
    {
        var still = ImageCodec.GreyPng(Ramp(64, 64), 64, 64);
        // acTL says that two frames follow; here they never do.
        byte[] animated = [.. still[..33], .. Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), .. still[33..]];
        Assert.Equal(Ramp(64, 64), UntrustedImage.Read(Write("animated.png", animated)).Pixels);
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Ramp(int width, int height) => [.. Enumerable.Range(0, width * height).Select(i => (byte)(255 * (i % width) / (width - 1)))];

    private static IImageEncoder EncoderFor(string kind) => kind switch
    {
        "JPEG" => new JpegEncoder { Quality = 90, ColorType = JpegColorType.Luminance },
        "JPEG in colour" => new JpegEncoder { Quality = 90, ColorType = JpegColorType.YCbCrRatio420 },
        "PNG" => new PngEncoder(),
        _ => new PngEncoder { InterlaceMethod = PngInterlaceMode.Adam7 },
    };

    private static byte[] Encode(IImageEncoder encoder, byte[] grey, int width, int height)
    {
        using var image = Image.LoadPixelData<L8>(grey, width, height);
        using var file = new MemoryStream();
        image.Save(file, encoder);
        return file.ToArray();
    }

    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] tiff = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static byte[] PngHeader(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", [0x78, 0x9C])];
    }

    /// <param name="colours">As PNG numbers them: 0 grey, 2 red, green and blue, 4 grey and alpha, 6 all four.</param>
    private static byte[] DeepPng(int width, int height, Func<int, int, ushort> value, int colours = 0)
    {
        var rows = new MemoryStream();
        for (var y = 0; y < height; y++)
        {
            rows.WriteByte(0);
            for (var x = 0; x < width; x++)
            {
                for (var sample = 0; sample < (colours is 2 or 6 ? 3 : 1); sample++) rows.Write([(byte)(value(x, y) >> 8), (byte)value(x, y)]);
                if (colours is 4 or 6) rows.Write([0xFF, 0xFF]);
            }
        }
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(rows.ToArray());
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (16, (byte)colours);
        // As programs that write colours do, with the screen they mean.
        byte[] gamma = colours == 0 ? [] : Chunk("gAMA", [0, 0, 0xB1, 0x8F]);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. gamma, .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        var chunk = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + named.Length), Crc32(named));
        return chunk;
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
