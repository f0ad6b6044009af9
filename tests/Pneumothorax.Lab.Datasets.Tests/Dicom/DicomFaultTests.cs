using System.Buffers.Binary;
using System.Diagnostics;
using Pneumothorax.Lab.Datasets.Dicom;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Tests.Dicom;

/// <summary>Files that contradict themselves, or keep their grey values in an unusual way: shown as they are meant, or refused for the true reason.</summary>
public sealed class DicomFaultTests : IDisposable
{
    private const int Width = 300;
    private const int Height = 256;

    /// <summary>Columns of padding at the left.</summary>
    private const int Padded = 30;

    private static readonly ushort[] s_chest = [.. Enumerable.Range(0, Width * Height).Select(i => (ushort)(500 + (9 * (i % Width)) + (i / Width)))];

    private readonly TemporaryFolder _folder = new();

    public DicomFaultTests() => DcmtkPrograms.SkipWithout();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TableAsTheOnlyWindow_IsApplied()
    {
        ushort[] table = [.. Enumerable.Range(0, 4096).Select(value => (ushort)(65535L * value * value / (4095 * 4095)))];

        var picture = Read(Sample(bits: 12).VoiTable(table));

        Assert.Equal([.. s_chest.Select(value => (byte)(table[value] / 257))], picture.Pixels, (one, other) => Math.Abs(one - other) <= 1);
        Assert.Empty(picture.Warnings);
    }

    [Fact]
    public void TableThatShowsNothing_IsPassedOverWithANote()
    {
        var picture = Read(Sample(bits: 12).VoiTable(new ushort[4096]));

        Assert.Equal(Read(Sample(bits: 12)).Pixels, picture.Pixels);
        Assert.Equal(["its table of grey values shows almost nothing; the full range is used"], picture.Warnings);
    }

    [Fact]
    public void Link_IsReadLikeTheFile()
    {
        var file = Sample(bits: 12).Write(_folder["file.dcm"]);
        File.CreateSymbolicLink(_folder["link.dcm"], file);

        Assert.Equal(DicomReader.Read(file, Token).Pixels, DicomReader.Read(_folder["link.dcm"], Token).Pixels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dcmcrle")]
    [InlineData("dcmcjpeg")]
    public void Padding_IsBlack_AndTakesNoContrastFromTheRest(string packer)
    {
        ushort[] values = [.. s_chest.Select((value, i) => i % Width < Padded ? ushort.MaxValue : value)];
        var picture = Read(new DicomSample(values, Width, Height, bits: 16).Number(0x0028_0120, ushort.MaxValue), packer);
        var named = Read(new DicomSample(values, Width, Height, bits: 16), packer);

        Assert.All(picture.Pixels.Index(), pixel => Assert.InRange(pixel.Item, Expected(pixel.Index) - 1, Expected(pixel.Index) + 1));
        Assert.Equal(["7,680 pixels have the value that the file gives for padding and are black"], picture.Warnings);
        // Where the file does not name it, it counts as far outside all the same.
        Assert.All(named.Pixels.Index().Where(pixel => pixel.Index % Width >= Padded), pixel => Assert.InRange(pixel.Item, Expected(pixel.Index) - 1, Expected(pixel.Index) + 1));
        Assert.Equal(["7,680 pixels are far outside the other values and were left out of the range of grey values"], named.Warnings);

        static int Expected(int index)
        {
            var least = 500 + (9 * Padded);
            return index % Width < Padded ? 0 : (int)Math.Round(255.0 * (s_chest[index] - least) / (s_chest[^1] - least));
        }
    }

    [Fact]
    public void HotPixel_TakesNoContrastFromTheRest()
    {
        ushort[] values = [.. s_chest];
        values[5000] = ushort.MaxValue;

        var picture = Read(new DicomSample(values, Width, Height, bits: 16));

        Assert.Equal(Read(Sample(bits: 12)).Pixels.Where((_, i) => i != 5000), picture.Pixels.Where((_, i) => i != 5000));
        Assert.Equal(["1 pixel is far outside the other values and was left out of the range of grey values"], picture.Warnings);
    }

    [Theory]
    [InlineData("MONOCHROME1", "IDENTITY")]
    [InlineData("MONOCHROME2", "INVERSE")]
    public void ShapeAgainstTheInterpretation_IsNotBelieved(string photometric, string shape)
    {
        var expected = Read(Sample(bits: 12).Text(0x0028_0004, "CS", photometric).Window(2000, 4000));

        var picture = Read(Sample(bits: 12).Text(0x0028_0004, "CS", photometric).Window(2000, 4000).Text(0x2050_0020, "CS", shape));

        Assert.Equal(expected.Pixels, picture.Pixels);
        Assert.Contains($"{photometric} and the shape {shape}", picture.Warnings.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(5000, 5000)]
    public void JpegOfAnotherSizeThanDeclared_IsRefusedNamingBoth(int width, int height)
    {
        var bytes = File.ReadAllBytes(Jpeg());
        Number(bytes, 0x10, height);
        Number(bytes, 0x11, width);

        Assert.Equal($"The file declares {width} x {height} pixels, but the JPEG picture in it has {Width} x {Height}.", Refused(bytes));
    }

    [Fact]
    public void MorePixelsThanDeclared_IsRefusedNamingBoth() =>
        Assert.Equal("The file declares 100 x 100 pixels, which need 20,000 bytes, but has 153,600 bytes of pixels.", Refused(Sample(bits: 12).Number(0x0028_0010, 100).Number(0x0028_0011, 100)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void JpegCutShort_SaysSo(bool endedAllTheSame)
    {
        var bytes = File.ReadAllBytes(Jpeg());
        // The second item is the picture; behind it stands the end of the sequence.
        var item = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x00, 0xE0]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(item + 4)) / 4 * 2;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(item + 4), length);
        if (endedAllTheSame) (bytes[item + 6 + length], bytes[item + 7 + length]) = (0xFF, 0xD9);

        Assert.Equal("The file is cut short: the JPEG picture in it ends before it is complete.", Refused([.. bytes[..(item + 8 + length)], .. bytes[^8..]]));
    }

    [Fact]
    public void OneBitAPixel_SaysSo() =>
        Assert.Equal(
            "The file's pixels have one bit each: they are black or white, but an X-ray is grey.",
            Refused(Sample(bits: 8).Number(0x0028_0100, 1).Number(0x0028_0101, 1).Number(0x0028_0102, 0)));

    [Fact]
    public void BytesBehindThePixels_AreTold()
    {
        var garbage = new byte[5000];
        new Random(3).NextBytes(garbage);

        Assert.Equal("The file continues after its pixels with 5,000 bytes that are not DICOM elements.", Refused([.. File.ReadAllBytes(Sample(bits: 12).Write(_folder["long.dcm"])), .. garbage]));
    }

    [Fact]
    public void NoiseBehindTheMark_IsNoDicomFile()
    {
        var noise = new byte[5000];
        new Random(4).NextBytes(noise);
        "DICM"u8.CopyTo(noise.AsSpan(128));

        Assert.Equal("The file is not a DICOM file: DICM is at its place, but no header follows.", Refused(noise));
    }

    [Fact]
    public void WhatUnpacksToGigabytes_IsRefusedBeforeAnybodyUnpacksIt()
    {
        var honest = Sample(bits: 12);
        Assert.Equal(Read(honest).Pixels, DicomReader.Read(honest.Write(_folder["deflated.dcm"], deflated: true), Token).Pixels);

        // Three times a hundred megabytes of nothing before the pixels.
        var nothing = new byte[100 << 20];
        var bomb = honest.Bytes(0x0029_1010, "OB", nothing).Bytes(0x0029_1011, "OB", nothing).Bytes(0x0029_1012, "OB", nothing).Write(_folder["bomb.dcm"], deflated: true);

        var refused = Assert.Throws<InvalidDataException>(() => DicomReader.Read(bomb, Token));
        Assert.Equal("The file unpacks to more than 256 MB, which is the limit.", refused.Message);
    }

    [Fact]
    public void StudentsPicture_TooLarge_IsRefusedFromItsHeader()
    {
        var path = new DicomSample(new ushort[16], 4, 4).Number(0x0028_0010, 6000).Number(0x0028_0011, 6000).Write(_folder["large.dcm"]);

        Assert.Equal("The picture declares 6000 x 6000 pixels; the limit is 32 megapixels.", Assert.Throws<InvalidDataException>(() => UntrustedImage.Read(path)).Message);
    }

    private static DicomSample Sample(int bits) => new(s_chest, Width, Height, bits);

    private DicomPicture Read(DicomSample sample, string packer = "")
    {
        var path = sample.Write(_folder["sample.dcm"]);
        return DicomReader.Read(packer.Length > 0 ? Packed(packer, path) : path, Token);
    }

    private string Refused(DicomSample sample) => Refused(File.ReadAllBytes(sample.Write(_folder["sample.dcm"])));

    private string Refused(byte[] bytes)
    {
        var path = _folder["refused.dcm"];
        File.WriteAllBytes(path, bytes);
        return Assert.Throws<InvalidDataException>(() => DicomReader.Read(path, Token)).Message;
    }

    /// <summary>Eight bits of noise, as a lossy JPEG.</summary>
    private string Jpeg()
    {
        var random = new Random(5);
        return Packed("dcmcjpeg", new DicomSample([.. s_chest.Select(_ => (ushort)random.Next(256))], Width, Height).Write(_folder["plain.dcm"]), "+eb");
    }

    private string Packed(string packer, string path, params string[] options)
    {
        if (!File.Exists($"/usr/bin/{packer}")) Assert.Skip($"{packer} is absent.");
        var packed = _folder["packed.dcm"];
        using var process = Process.Start($"/usr/bin/{packer}", [.. options, path, packed]);
        process.WaitForExit();
        return packed;
    }

    /// <summary>Another number in group 0028 of a file with explicit kinds, little endian.</summary>
    private static void Number(byte[] bytes, byte element, int value)
    {
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x28, 0, element, 0, (byte)'U', (byte)'S', 2, 0]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 8), (ushort)value);
    }
}
