using System.Globalization;
using Pneumothorax.Lab.Datasets.Tests.Dicom;

namespace Pneumothorax.Lab.Datasets.Tests.Importing;

/// <summary>A folder laid out as SIIM-ACR's download, with pictures of noise: each its own.</summary>
internal sealed class SiimSample(string path)
{
    public const int Side = 512;

    private readonly List<string> _lines = [];

    public string Path { get; } = path;

    /// <summary>"1.2.7.1": first image of patient 7 is 1.2.7.0.</summary>
    public static string Name(int patient, int number) => string.Create(CultureInfo.InvariantCulture, $"1.2.{patient}.{number}");

    /// <summary>Down so many columns from a corner, so many pixels each.</summary>
    public static string Mask(int left, int top, int width, int height) =>
        string.Join(' ', Enumerable.Range(0, width).Select(column => string.Create(CultureInfo.InvariantCulture, $"{(column == 0 ? (left * Side) + top : Side - height)} {height}")));

    public SiimSample Line(int patient, int number, string mask)
    {
        _lines.Add($"{Name(patient, number)},{mask}");
        return this;
    }

    public static DicomSample Picture(int patient, int number)
    {
        var random = new Random((1000 * patient) + number);
        var values = new ushort[Side * Side];
        for (var i = 0; i < 4 * Side; i++) values[i] = (ushort)random.Next(256);
        return new DicomSample(values, Side, Side).Text(0x0008_0018, "UI", Name(patient, number)).Patient($"hospital-{patient}", patient % 2 == 0 ? "F" : "M");
    }

    public string FileOf(int patient, int number) => System.IO.Path.Combine(Path, "dicom-images-train", $"9.{patient}", $"8.{patient}", Name(patient, number) + ".dcm");

    public SiimSample Image(int patient, int number, string mask)
    {
        Picture(patient, number).Write(FileOf(patient, number));
        return Line(patient, number, mask);
    }

    /// <param name="table">With the spaces of train-rle.csv, or without as in stage_2_train.csv.</param>
    public string Done(string table = "stage_2_train.csv")
    {
        var spaced = table == "train-rle.csv" ? " " : "";
        Directory.CreateDirectory(Path);
        File.WriteAllLines(System.IO.Path.Combine(Path, table), [$"ImageId,{spaced}EncodedPixels", .. _lines.Select(line => line.Replace(",", $",{spaced}", StringComparison.Ordinal))]);
        return Path;
    }

    /// <summary>As many patients as are asked for, with one image each: every third has a pneumothorax in two pieces, on two lines.</summary>
    public static string Of(string path, int patients, string table = "stage_2_train.csv")
    {
        var sample = new SiimSample(path);
        for (var patient = 1; patient <= patients; patient++)
        {
            sample.Image(patient, 0, patient % 3 == 0 ? Mask(100, 200, 40, 80) : "-1");
            if (patient % 3 == 0) sample.Line(patient, 0, Mask(300, 100, 20, 20));
        }
        return sample.Done(table);
    }
}
