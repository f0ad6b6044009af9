using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Pneumothorax.Lab.Data.Registration;

namespace Pneumothorax.Lab.Data.Importing;

/// <summary>One line of NIH's table.</summary>
/// <param name="OtherFindings">Without pneumothorax, as the portal shows them: "none", or "effusion, mass".</param>
internal sealed record NihRecord(string Image, bool HasPneumothorax, string OtherFindings, string Patient, string? FollowUp, string? Age, string? Sex, string? View)
{
    public const string Pneumothorax = "Pneumothorax";
}

/// <summary>
/// NIH ChestX-ray14 as people download it: <c>Data_Entry_2017*.csv</c>, pictures in <c>images*/</c> (unpacked as they come), and, where they are
/// there, <c>BBox_List_2017.csv</c>, <c>train_val_list.txt</c> and <c>test_list.txt</c>.
/// </summary>
internal sealed class NihFolder
{
    private const int OldestAge = 120;

    private NihFolder(string path) => Path = path;

    public string Path { get; }

    public required IReadOnlyList<NihRecord> Records { get; init; }

    /// <summary>Picture file by image name.</summary>
    public required IReadOnlyDictionary<string, string> Pictures { get; init; }

    /// <summary>Box around all pneumothoraces of an image, in pixels of its picture.</summary>
    public required IReadOnlyDictionary<string, PixelBox> Boxes { get; init; }

    /// <summary>NIH's own split; null where the two lists are not both there.</summary>
    public required (IReadOnlySet<string> Train, IReadOnlySet<string> Test)? Lists { get; init; }

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
        var records = ReadTable(tables[0], problems);
        return new(path)
        {
            Records = records,
            Pictures = FindPictures(path, problems),
            Boxes = ReadBoxes(System.IO.Path.Combine(path, "BBox_List_2017.csv")),
            Lists = ReadLists(path),
            Problems = problems,
        };
    }

    private static List<NihRecord> ReadTable(string path, List<ImportProblem> problems)
    {
        using var reader = new StreamReader(path);
        List<NihRecord> records = [];
        HashSet<string> seen = [];
        // The same few words on a hundred thousand lines: each is kept once.
        Dictionary<string, string> words = [];
        string[]? header = null;
        foreach (var (line, fields) in CsvReader.Read(reader, path))
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
            var image = Field("Image Index")!;
            if (!seen.Add(image))
            {
                problems.Add(new(image, $"in the table twice, line {line}; the first line counts"));
                continue;
            }
            var age = Whole(Field("Patient Age")?.TrimEnd('Y', 'y'));
            if (age > OldestAge) problems.Add(new(image, $"imported without its age, which the table gives as {age}"));
            var findings = (Field("Finding Labels") ?? "").Split('|');
            records.Add(new(
                image, findings.Contains(NihRecord.Pneumothorax), Once(Others(findings)), Once(Field("Patient ID") ?? ""), Once(Number(Whole(Field("Follow-up #")))),
                Once(Number(age is <= OldestAge ? age : null)), Once(Field("Patient Gender") ?? Field("Patient Sex")), Once(Field("View Position"))));

            string? Field(string column) => Array.IndexOf(header, column) is >= 0 and var at && fields[at].Trim() is { Length: > 0 } text ? text : null;

            [return: NotNullIfNotNull(nameof(word))]
            string? Once(string? word) => word is null || words.TryAdd(word, word) ? word : words[word];
        }
        return records.Count > 0 ? records : throw new InvalidDataException($"{path} has no images.");
    }

    private static string Others(string[] findings)
    {
        var others = findings.Where(finding => finding is not (NihRecord.Pneumothorax or "No Finding" or "")).Select(finding => finding.Replace('_', ' ').ToLowerInvariant());
        return string.Join(", ", others) is { Length: > 0 } text ? text : "none";
    }

    private static Dictionary<string, string> FindPictures(string path, List<ImportProblem> problems)
    {
        Dictionary<string, string> pictures = [];
        foreach (var folder in Directory.EnumerateDirectories(path, "images*").Order(StringComparer.Ordinal))
        {
            foreach (var picture in Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories))
            {
                var name = System.IO.Path.GetFileName(picture);
                if (!pictures.TryAdd(name, picture))
                    problems.Add(new(name, $"there twice, in {System.IO.Path.GetDirectoryName(System.IO.Path.GetRelativePath(path, pictures[name]))} and {System.IO.Path.GetDirectoryName(System.IO.Path.GetRelativePath(path, picture))}; the first counts"));
            }
        }
        return pictures.Count > 0
            ? pictures
            : throw new InvalidDataException($"{path} has no PNG in a folder images*: unpack the archives of images there.");
    }

    /// <returns>Empty where there is no list.</returns>
    private static Dictionary<string, PixelBox> ReadBoxes(string path)
    {
        Dictionary<string, PixelBox> boxes = [];
        if (!File.Exists(path)) return boxes;

        using var reader = new StreamReader(path);
        // The header names the four numbers in one field that itself holds commas: they are taken by place.
        foreach (var (line, fields) in CsvReader.Read(reader, path).Skip(1))
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

    private static (IReadOnlySet<string>, IReadOnlySet<string>)? ReadLists(string path)
    {
        string train = System.IO.Path.Combine(path, "train_val_list.txt"), test = System.IO.Path.Combine(path, "test_list.txt");
        return File.Exists(train) && File.Exists(test) ? (Names(train), Names(test)) : null;

        static HashSet<string> Names(string list) => [.. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0)];
    }

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static int? Whole(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
