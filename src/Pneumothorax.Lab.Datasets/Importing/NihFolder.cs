using System.Globalization;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>
/// NIH ChestX-ray14 as people download it: <c>Data_Entry_2017*.csv</c>, pictures in <c>images*/</c> (unpacked as they come), and, where they are
/// there, <c>BBox_List_2017.csv</c>, <c>train_val_list.txt</c> and <c>test_list.txt</c>.
/// </summary>
internal sealed class NihFolder
{
    private const int OldestAge = 120;

    private NihFolder(string path) => Path = path;

    public string Path { get; }

    public required NihTable Table { get; init; }

    /// <summary>Box around all pneumothoraces of an image, in pixels of its picture.</summary>
    public required IReadOnlyDictionary<string, PixelBox> Boxes { get; init; }

    /// <summary>Whether the two lists of NIH's own split are both there.</summary>
    public required bool HasLists { get; init; }

    public required IReadOnlyList<ImportProblem> Problems { get; init; }

    /// <summary>What the names of its tables look like.</summary>
    public const string Tables = "Data_Entry_2017*.csv";

    /// <exception cref="InvalidDataException">No such folder, no table, or one that cannot be read; the message names it.</exception>
    public static NihFolder Read(string path)
    {
        if (!Directory.Exists(path)) throw new InvalidDataException($"{path} is not a folder.");
        var tables = Directory.GetFiles(path, Tables);
        if (tables.Length != 1)
        {
            throw new InvalidDataException(tables.Length == 0
                ? $"{path} has no Data_Entry_2017*.csv: give the folder into which NIH ChestX-ray14 was downloaded."
                : $"{path} has {tables.Length} tables, {string.Join(" and ", tables.Select(System.IO.Path.GetFileName).Order())}; keep one.");
        }
        List<ImportProblem> problems = [];
        var table = ReadTable(tables[0], problems);
        FindPictures(path, table, problems);
        return new(path)
        {
            Table = table,
            Boxes = ReadBoxes(System.IO.Path.Combine(path, "BBox_List_2017.csv")),
            HasLists = ReadLists(path, table),
            Problems = problems,
        };
    }

    private static NihTable ReadTable(string path, List<ImportProblem> problems)
    {
        using var reader = RegularFile.OpenText(path);
        var table = new NihTable();
        string[]? header = null;
        foreach (var (line, fields) in CsvReader.ReadForeign(reader, path))
        {
            if (header is null)
            {
                header = [.. fields.Select(field => field.Trim().Trim('\ufeff'))];
                foreach (var needed in (string[])["Image Index", "Finding Labels", "Patient ID"])
                {
                    if (!header.Contains(needed)) throw new InvalidDataException($"{path} has no column \"{needed}\"; it has: {string.Join(", ", header)}.");
                }
                continue;
            }
            if (fields.Length < header.Length) throw new InvalidDataException($"{path}, line {line}: {fields.Length} fields, but the header has {header.Length}.");
            var image = Field("Image Index") ?? throw new InvalidDataException($"{path}, line {line}: \"Image Index\" is empty.");
            var age = Whole(Field("Patient Age")?.TrimEnd('Y', 'y'));
            var findings = (Field("Finding Labels") ?? "").Split('|');
            var isNew = table.TryAdd(new(
                image, findings.Contains(NihRecord.Pneumothorax), Others(findings), Field("Patient ID") ?? "", Number(Whole(Field("Follow-up #"))),
                Number(age is <= OldestAge ? age : null), Field("Patient Gender") ?? Field("Patient Sex"), Field("View Position")));
            if (!isNew) problems.Add(new(image, $"in the table twice, line {line}; the first line is used"));
            else if (age > OldestAge) problems.Add(new(image, $"imported without its age, which the table gives as {age}"));

            string? Field(string column) => Array.IndexOf(header, column) is >= 0 and var at && fields[at].Trim() is { Length: > 0 } text ? text : null;
        }
        return table.Count > 0 ? table : throw new InvalidDataException($"{path} has no images.");
    }

    private static string Others(string[] findings)
    {
        var others = findings.Where(finding => finding is not (NihRecord.Pneumothorax or "No Finding" or "")).Select(finding => finding.Replace('_', ' ').ToLowerInvariant());
        return string.Join(", ", others) is { Length: > 0 } text ? text : "none";
    }

    private static void FindPictures(string path, NihTable table, List<ImportProblem> problems)
    {
        var found = false;
        SortedSet<string> unknown = new(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(path, "images*").Order(StringComparer.Ordinal))
        {
            foreach (var picture in Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories))
            {
                found = true;
                var (name, place) = (System.IO.Path.GetFileName(picture), System.IO.Path.GetDirectoryName(picture)!);
                var row = table.Find(name);
                if (row < 0) unknown.Add(name);
                else if (table.Folder(row) is { } first) problems.Add(new(name, $"there twice, in {System.IO.Path.GetRelativePath(path, first)} and {System.IO.Path.GetRelativePath(path, place)}; the first is used"));
                else table.PutInto(row, place);
            }
        }
        if (!found) throw new InvalidDataException($"{path} has no PNG in a folder images*: unpack the image archives there.");
        problems.AddRange(unknown.Select(name => new ImportProblem(name, "in the folders of images, but not in the table")));
    }

    /// <returns>Empty where there is no list.</returns>
    private static Dictionary<string, PixelBox> ReadBoxes(string path)
    {
        Dictionary<string, PixelBox> boxes = [];
        if (!File.Exists(path)) return boxes;

        using var reader = RegularFile.OpenText(path);
        // The header names the four numbers in one field that itself holds commas: they are taken by place.
        foreach (var (line, fields) in CsvReader.ReadForeign(reader, path).Skip(1))
        {
            if (fields.Length < 6) throw new InvalidDataException($"{path}, line {line}: {fields.Length} fields, but 6 are needed.");
            if (fields[1].Trim() != NihRecord.Pneumothorax) continue;
            var numbers = new double[4];
            for (var i = 0; i < 4; i++)
            {
                if (!double.TryParse(fields[2 + i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                    throw new InvalidDataException($"{path}, line {line}: \"{fields[2 + i]}\" is not a number.");
            }
            var box = new PixelBox(numbers[0], numbers[1], numbers[2], numbers[3]);
            boxes[fields[0].Trim()] = boxes.TryGetValue(fields[0].Trim(), out var other) ? Around(box, other) : box;
        }
        return boxes;
    }

    private static PixelBox Around(PixelBox a, PixelBox b)
    {
        double left = Math.Min(a.X, b.X), top = Math.Min(a.Y, b.Y);
        return new(left, top, Math.Max(a.Right, b.Right) - left, Math.Max(a.Bottom, b.Bottom) - top);
    }

    /// <returns>Whether both lists are there. An image on both is for the test.</returns>
    private static bool ReadLists(string path, NihTable table)
    {
        string train = System.IO.Path.Combine(path, "train_val_list.txt"), test = System.IO.Path.Combine(path, "test_list.txt");
        if (!File.Exists(train) || !File.Exists(test)) return false;

        foreach (var (list, file) in ((NihList, string)[])[(NihList.Train, train), (NihList.Test, test)])
        {
            RegularFile.Check(file);
            foreach (var line in File.ReadLines(file))
            {
                if (table.Find(line.Trim()) is >= 0 and var row) table.PutOn(row, list);
            }
        }
        return true;
    }

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static int? Whole(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
