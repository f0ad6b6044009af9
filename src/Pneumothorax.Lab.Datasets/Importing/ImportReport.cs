using System.Text;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>Images with the same thing amiss.</summary>
/// <param name="What">In words, such as "Cannot be read".</param>
/// <param name="Images">At most a few, with the reason of each.</param>
public sealed record ImportProblemGroup(string What, int Count, IReadOnlyList<ImportProblem> Images);

/// <summary>The list of what an import left out, or took with something amiss: a CSV in the data set's folder.</summary>
public static class ImportReport
{
    public const string FileName = "import-report.csv";

    /// <summary>Images that are named in each group; the file names all.</summary>
    private const int Named = 5;

    private const string Rest = "Left out for another reason";

    // By how the reason begins, in the order in which they are told.
    private static readonly (string Begins, string What)[] s_kinds =
    [
        ("cannot be read", "Cannot be read"),
        ("has no pixels", "Cannot be read"),
        ("the same picture as", "The same picture twice; the first one is kept"),
        ("in the table, but not", "In the table, but the file is missing"),
        ("in the folders of images, but not", "The file is not in the table"),
        ("in neither list", "In neither list of the split"),
        ("listed for training, but", "Listed for training, but its patient is in the test"),
        ("imported", "Imported with a warning"),
    ];

    /// <summary>How many lines it has, by what is amiss; nothing when no image was left out.</summary>
    /// <exception cref="InvalidDataException">The file is malformed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<ImportProblemGroup> Read(string path)
    {
        using var reader = RegularFile.OpenText(path);
        var problems = CsvReader.Read(reader, path).Skip(1).Where(record => record.Fields.Length == 2).Select(record => new ImportProblem(record.Fields[0], record.Fields[1])).ToList();
        var order = s_kinds.Select(kind => kind.What).Append(Rest).Distinct().ToList();
        return
        [
            .. from problem in problems
               group problem by s_kinds.FirstOrDefault(kind => problem.Why.StartsWith(kind.Begins, StringComparison.Ordinal)).What ?? Rest into same
               orderby order.IndexOf(same.Key)
               select new ImportProblemGroup(same.Key, same.Count(), [.. same.Take(Named)]),
        ];
    }

    internal static void Write(string path, IReadOnlyCollection<ImportProblem> problems)
    {
        var lines = new StringBuilder("image,problem\n");
        foreach (var (image, why) in problems) lines.Append($"{Quoted(image)},{Quoted(why)}\n");
        File.WriteAllText(path, lines.ToString());

        // The names of the files are other people's.
        static string Quoted(string text) => $"\"{SpreadsheetText.Safe(text).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
