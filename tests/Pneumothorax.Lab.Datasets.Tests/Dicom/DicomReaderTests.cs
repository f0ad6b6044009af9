using System.Diagnostics;
using Pneumothorax.Lab.Datasets.Dicom;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Tests.Dicom;

public sealed class DicomReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Shared => [.. SharedData.Names("dicom", "*.dcm")];

    /// <summary>What may be read of the real and odd files, and its warnings; every other is refused with the words.</summary>
    private static readonly Dictionary<string, (int Width, int Height, string Warnings)> s_good = new()
    {
        ["big_endian.dcm"] = (80, 60, "modality US, not an X-ray; in colour (RGB); its luminance is used; only 80 x 60 pixels"),
        ["ct_chest_slice.dcm"] = (512, 512, "modality CT, not an X-ray"),
        ["ct_small_128.dcm"] = (128, 128, "modality CT, not an X-ray; only 128 x 128 pixels"),
        ["deflated.dcm"] = (512, 512, "modality OT, not an X-ray"),
        ["mr_small.dcm"] = (64, 64, "modality MR, not an X-ray; only 64 x 64 pixels"),
        ["nih_neg_uncompressed_12bit_mono1_512.dcm"] = (512, 512, "its window of grey values shows almost nothing; the full range is used"),
        ["nih_pos_uncompressed_8bit_mono2.dcm"] = (1024, 1024, ""),
    };

    private static readonly Dictionary<string, string> s_bad = new()
    {
        ["cxr_32px_japanese_name.dcm"] = "The file has no pixels.",
        ["empty.dcm"] = "The file is empty.",
        ["mr_truncated_pixels.dcm"] = "The file is cut short: it ends before its pixels do.",
        ["nih_pos_truncated.dcm"] = "The file is cut short: it ends before its pixels do.",
        ["no_preamble_meta.dcm"] = "The file is not a DICOM file: DICM does not follow its first 128 bytes.",
        ["not_dicom.dcm"] = "The file is not a DICOM file: DICM does not follow its first 128 bytes.",
        ["rtplan_no_pixels.dcm"] = "The file has no pixels: its modality is RTPLAN.",
        ["structured_report_no_pixels.dcm"] = "The file has no pixels: its modality is SR.",
    };

    public DicomReaderTests() => DcmtkPrograms.SkipWithout();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shared))]
    public async Task Read_RealOrOddFile_WorksOrSaysWhyNotInOneLine(string name)
    {
        var path = SharedData.Path($"dicom/{name}");

        if (s_good.TryGetValue(name, out var expected))
        {
            var picture = await DicomReader.ReadAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(expected, (picture.Width, picture.Height, string.Join("; ", picture.Warnings)));
            Assert.Equal(picture.Width * picture.Height, picture.Pixels.Length);
            Assert.True(picture.Pixels.Max() - picture.Pixels.Min() > 100, "no contrast");
        }
        else
        {
            Assert.Equal(s_bad[name], (await Assert.ThrowsAsync<InvalidDataException>(() => DicomReader.ReadAsync(path, TestContext.Current.CancellationToken))).Message);
        }
    }

    [Fact]
    public void Read_EightBits_KeepsThePixelsOfThePictureItWasMadeFrom()
    {
        var picture = DicomReader.Read(SharedData.Path("dicom/nih_pos_uncompressed_8bit_mono2.dcm"), TestContext.Current.CancellationToken);
        using var png = File.OpenRead(Directory.GetFiles(SharedData.Path("nih-mini"), "00001170_012.png", SearchOption.AllDirectories).Single());

        Assert.True(ImageCodec.DecodeGrey(png).Pixels.AsSpan().SequenceEqual(picture.Pixels));
    }

    [Fact]
    public void Read_Monochrome1_ComesOutWithBoneWhite()
    {
        ushort[] ramp = [.. Enumerable.Range(0, 300 * 300).Select(i => (ushort)(4095 * (i % 300) / 299))];
        var straight = DicomReader.Read(new DicomSample(ramp, 300, 300, bits: 12).Window(2048, 4096).Write(_folder["straight.dcm"]), TestContext.Current.CancellationToken);
        var turned = DicomReader.Read(
            new DicomSample([.. ramp.Select(value => (ushort)(4095 - value))], 300, 300, bits: 12).Text(0x0028_0004, "CS", "MONOCHROME1").Window(2048, 4096).Write(_folder["turned.dcm"]),
            TestContext.Current.CancellationToken);

        Assert.InRange(straight.Pixels[0], 0, 1);
        Assert.InRange(straight.Pixels[299], 254, 255);
        Assert.All(straight.Pixels.Take(300).Zip(turned.Pixels), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void Read_GreyValues_ThroughTheWindowOfTheFile_ElseOverWhatIsUsed()
    {
        // Of sixteen bits, the values 1000 to 1999.
        ushort[] values = [.. Enumerable.Range(0, 400 * 300).Select(i => (ushort)(1000 + i % 1000))];
        var full = DicomReader.Read(new DicomSample(values, 400, 300, bits: 16).Write(_folder["full.dcm"]), TestContext.Current.CancellationToken);
        var window = DicomReader.Read(new DicomSample(values, 400, 300, bits: 16).Window(1250, 500).Write(_folder["window.dcm"]), TestContext.Current.CancellationToken);
        var elsewhere = DicomReader.Read(new DicomSample(values, 400, 300, bits: 16).Window(50_000, 10).Write(_folder["elsewhere.dcm"]), TestContext.Current.CancellationToken);

        Assert.Equal((400, 300), (full.Width, full.Height));
        Assert.Equal((0, 255), (full.Pixels[0], full.Pixels[999]));
        Assert.InRange(full.Pixels[500], 126, 129);
        Assert.InRange(window.Pixels[250], 126, 129);
        Assert.Equal(255, window.Pixels[600]);
        Assert.Equal(full.Pixels, elsewhere.Pixels);
        Assert.Equal(["its window of grey values shows almost nothing; the full range is used"], elsewhere.Warnings);
    }

    [Fact]
    public void Read_WhatIsNoFrontalChest_Warns()
    {
        ushort[] values = [.. Enumerable.Range(0, 2 * 256 * 256).Select(i => (ushort)(i / 256 % 256))];
        var path = new DicomSample(values, 256, 256).Patient("7", part: "HAND", view: "LL").Text(0x0028_0008, "IS", "2").Write(_folder["hand.dcm"]);

        var picture = DicomReader.Read(path, TestContext.Current.CancellationToken);

        Assert.Equal(["body part HAND, not the chest", "view LL: taken from the side, not from the front", "2 frames; the first is used"], picture.Warnings);
        Assert.Equal(256 * 256, picture.Pixels.Length);
        Assert.Equal(("LL", "F", 51, "CR"), (picture.Tags.View, picture.Tags.Sex, picture.Tags.Age, picture.Tags.Modality));
    }

    [Theory]
    [InlineData("045Y", 45)]
    [InlineData("030M", 2)]
    [InlineData("010D", 0)]
    [InlineData("51", 51)]
    [InlineData("148", null)]
    [InlineData("old", null)]
    public void Age_InWhateverUnit_IsWholeYears(string text, int? years)
    {
        var path = new DicomSample(new ushort[4], 2, 2).Patient("7", age: text).Write(_folder["age.dcm"]);

        Assert.Equal(years, DicomReader.ReadTags([path], progress: null, TestContext.Current.CancellationToken)[0].Tags!.Age);
    }

    [Fact]
    public void ReadTags_ManyFiles_KeepsThemApart_AlsoAroundBadOnes()
    {
        List<string> paths = [];
        for (var i = 0; i < 250; i++)
        {
            var path = _folder[$"{i}.dcm"];
            paths.Add(path);
            if (i % 50 == 7) File.WriteAllText(path, "not a picture");
            else new DicomSample(new ushort[4], 2, 2).Patient($"patient {i}").Write(path);
            if (i % 50 == 9) File.WriteAllBytes(path, File.ReadAllBytes(path)[..^2]);
        }

        var read = DicomReader.ReadTags(paths, progress: null, TestContext.Current.CancellationToken);

        Assert.All(read.Index(), item => Assert.Equal(
            (item.Index % 50) switch { 7 => (null, "is not a DICOM file: DICM does not follow its first 128 bytes"), 9 => (null, "is cut short: it ends before its pixels do"), _ => ($"patient {item.Index}", null) },
            (item.Item.Tags?.PatientId, item.Item.Why)));
    }

    [Theory]
    [InlineData("dcmcjpeg")]
    [InlineData("dcmcrle")]
    [InlineData("dcmcjpls")]
    public void Read_CompressedWithoutLoss_GivesTheSamePixels(string program)
    {
        if (!File.Exists($"/usr/bin/{program}")) Assert.Skip($"{program} is absent.");
        ushort[] values = [.. Enumerable.Range(0, 300 * 256).Select(i => (ushort)(i * 7 % 251))];
        string plain = new DicomSample(values, 300, 256).Write(_folder["plain.dcm"]), packed = _folder["packed.dcm"];
        using (var process = Process.Start($"/usr/bin/{program}", [plain, packed])) process.WaitForExit();

        Assert.Equal(values.Select(value => (byte)value), DicomReader.Read(packed, TestContext.Current.CancellationToken).Pixels);
    }

    [Theory]
    [InlineData(60_000, 60_000, "The picture is 60000 x 60000; at most 64 megapixels are read.")]
    [InlineData(8_000, 8_000, "The file is cut short: it is too small for the 8000 x 8000 pixels that it declares.")]
    public void Read_MorePixelsDeclaredThanThere_IsRefused(int width, int height, string words)
    {
        var path = new DicomSample(new ushort[16], 4, 4).Number(0x0028_0010, height).Number(0x0028_0011, width).Write(_folder["huge.dcm"]);

        var refused = Assert.Throws<InvalidDataException>(() => DicomReader.Read(path, TestContext.Current.CancellationToken));

        Assert.StartsWith(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
