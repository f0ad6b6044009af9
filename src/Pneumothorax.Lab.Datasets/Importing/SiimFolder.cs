using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>
/// SIIM-ACR as people download it: a table with the columns ImageId and EncodedPixels (<c>stage_2_train.csv</c> or <c>train-rle.csv</c>, whose
/// header and values have spaces), and the DICOM files, named by ImageId, in whatever folders below.
/// </summary>
internal sealed class SiimFolder
{
    /// <summary>File name of the table.</summary>
    public required string Table { get; init; }

    /// <summary>By image: the texts of its masks; none for an image without a pneumothorax.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Masks { get; init; }

    /// <summary>DICOM file by image, in the order of their names.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    public required IReadOnlyList<ImportProblem> Problems { get; init; }

    /// <exception cref="InvalidDataException">No such folder, no table, or one that cannot be read; the message names it.</exception>
    public static SiimFolder Read(string path)
    {
        if (!Directory.Exists(path)) throw new InvalidDataException($"{path} is not a folder.");
        var tables = Directory.GetFiles(path, "*.csv").Where(IsTable).Order(StringComparer.Ordinal).ToList();
        if (tables.Count != 1)
        {
            throw new InvalidDataException(tables.Count == 0
                ? $"{path} has no table with the columns ImageId and EncodedPixels: give the folder that contains stage_2_train.csv or train-rle.csv."
                : $"{path} has {tables.Count} tables, {string.Join(" and ", tables.Select(Path.GetFileName))}; keep one.");
        }
        List<ImportProblem> problems = [];
        return new() { Table = Path.GetFileName(tables[0]), Masks = ReadTable(tables[0]), Files = FindFiles(path, problems), Problems = problems };
    }

    // A sample of how answers are handed in looks like a table of truths.
    public static bool IsTable(string path)
    {
        if (Path.GetFileName(path).Contains("submission", StringComparison.OrdinalIgnoreCase)) return false;
        using var reader = RegularFile.OpenText(path);
        return Columns(reader.ReadLine()?.Split(',') ?? []) is { Image: >= 0, Pixels: >= 0 };
    }

    private static (int Image, int Pixels) Columns(string[] header)
    {
        string[] names = [.. header.Select(name => name.Trim('\ufeff', ' ', '"'))];
        return (Array.IndexOf(names, "ImageId"), Array.IndexOf(names, "EncodedPixels"));
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadTable(string path)
    {
        using var reader = RegularFile.OpenText(path);
        Dictionary<string, List<string>> masks = [];
        (int Image, int Pixels)? columns = null;
        foreach (var (line, fields) in CsvReader.ReadForeign(reader, path))
        {
            if (columns is not { } at)
            {
                columns = Columns(fields);
                continue;
            }
            if (fields.Length <= Math.Max(at.Image, at.Pixels)) throw new InvalidDataException($"{path}, line {line}: {fields.Length} fields, but ImageId and EncodedPixels are needed.");
            var (image, pixels) = (fields[at.Image].Trim(), fields[at.Pixels].Trim());
            if (image.Length == 0 || pixels.Length == 0) throw new InvalidDataException($"{path}, line {line}: {(image.Length == 0 ? "ImageId" : "EncodedPixels")} is empty.");
            // An image with several pneumothoraces has several lines.
            if (!masks.TryGetValue(image, out var texts)) masks[image] = texts = [];
            if (pixels != RunLength.Nothing) texts.Add(pixels);
        }
        return masks.Count > 0 ? masks.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value) : throw new InvalidDataException($"{path} has no images.");
    }

    private static SortedDictionary<string, string> FindFiles(string path, List<ImportProblem> problems)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(path, "*.dcm", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (RegularFile.KindOf(file) is { } kind)
            {
                problems.Add(new(name, $"is {kind}, not a file"));
                continue;
            }
            if (!files.TryAdd(name, file)) problems.Add(new(name, $"there twice, as {Path.GetRelativePath(path, files[name])} and {Path.GetRelativePath(path, file)}; the first is used"));
        }
        return files.Count > 0 ? files : throw new InvalidDataException($"{path} has no DICOM file (*.dcm): unpack the image archives there.");
    }
}
