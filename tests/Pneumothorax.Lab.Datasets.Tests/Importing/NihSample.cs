using System.Globalization;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Tests.Importing;

/// <summary>A folder laid out as NIH's download, with pictures of noise: each its own.</summary>
internal sealed class NihSample(string path)
{
    public const int Side = 512;

    private readonly List<string> _lines = ["Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]"];

    public string Path { get; } = path;

    /// <summary>Patient 1 has images 00000001_000.png, 00000001_001.png and so on.</summary>
    public static string Name(int patient, int followUp) => string.Create(CultureInfo.InvariantCulture, $"{patient:00000000}_{followUp:000}.png");

    public static byte[] Pixels(int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[Side * Side];
        random.NextBytes(pixels.AsSpan(0, 4 * Side));         // the rest stays flat: small files, quickly written
        Array.Fill(pixels, (byte)(seed % 200), 4 * Side, 100 * Side);
        return pixels;
    }

    public NihSample Line(int patient, int followUp, string findings, string age = "60", string sex = "M", string view = "AP")
    {
        _lines.Add($"{Name(patient, followUp)},{findings},{followUp},{patient},{age},{sex},{view},3056,2544,0.139,0.139");
        return this;
    }

    public NihSample Picture(int patient, int followUp, string folder = "images_001/images", int? seed = null)
    {
        var directory = Directory.CreateDirectory(System.IO.Path.Combine(Path, folder)).FullName;
        File.WriteAllBytes(System.IO.Path.Combine(directory, Name(patient, followUp)), ImageCodec.GreyPng(Pixels(seed ?? 1000 * patient + followUp), Side, Side));
        return this;
    }

    public NihSample Image(int patient, int followUp, string findings) => Line(patient, followUp, findings).Picture(patient, followUp);

    public NihSample List(string name, params IEnumerable<string> images)
    {
        File.WriteAllLines(System.IO.Path.Combine(Directory.CreateDirectory(Path).FullName, name), images);
        return this;
    }

    public string Done(string table = "Data_Entry_2017_v2020.csv")
    {
        List(table, _lines);
        return Path;
    }

    /// <summary>As many patients as are asked for, with two images each: the first of every third patient has a pneumothorax.</summary>
    public static string Of(string path, int patients)
    {
        var sample = new NihSample(path);
        for (var patient = 1; patient <= patients; patient++)
            sample.Image(patient, 0, patient % 3 == 0 ? "Pneumothorax|Effusion" : "No Finding").Image(patient, 1, "Infiltration");
        return sample.Done();
    }
}
