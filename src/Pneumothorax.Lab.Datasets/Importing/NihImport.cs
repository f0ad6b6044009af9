using System.Collections;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>NIH ChestX-ray14 to a plan: every image with a pneumothorax and the chosen number of others, split without any patient crossing.</summary>
public static class NihImport
{
    /// <summary>What the NIH asks of whoever uses its images.</summary>
    public const string Licence = "Free to use: name the NIH Clinical Center as the provider, link to its download site and cite the paper";

    public const string Citation = "Wang et al., ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks, CVPR 2017, pages 3462 to 3471";

    /// <param name="folder">As downloaded, see the handbook's page on real data.</param>
    /// <exception cref="InvalidDataException">The folder does not hold what it should; the message names the file.</exception>
    /// <exception cref="ArgumentException">The choice is out of range.</exception>
    public static ImportPlan Plan(string folder, string name, ImportChoice choice, string? title = null)
    {
        choice.Check();
        var nih = NihFolder.Read(folder);
        List<ImportProblem> problems = [.. nih.Problems];
        var table = nih.Table;
        List<int> there = [];
        for (var row = 0; row < table.Count; row++)
        {
            if (table.Folder(row) is not null) there.Add(row);
            else problems.Add(new(table.Image(row), "in the table, but not in the folders of images"));
        }
        if (there.Count == 0)
        {
            throw new InvalidDataException(
                $"{folder}: none of the {table.Count} images in the table has a file: the table names them as \"{table.Image(0)}\", the folders contain \"{nih.Problems[^1].Image}\" and similar names. Use the table that belongs to these files.");
        }

        var random = new SeededRandom((uint)choice.Seed);
        var (train, test) = nih.HasLists && !choice.AlwaysByPatient ? ByLists(there, table, problems) : ImportChoice.ByPatient(there, table.Patient, table.HasPneumothorax, random);
        var rule = choice.AlwaysByPatient ? "Split by patient." : !nih.HasLists ? "Split by patient: the lists of NIH are not in the folder." : "Split by NIH's lists.";
        (train, test) = (choice.Choose(train, table.HasPneumothorax, random), choice.Choose(test, table.HasPneumothorax, random));
        ImportChoice.RefuseOneKind(folder, $"{there.Count} of the {table.Count} images in the table have a file", train, test, table.HasPneumothorax);

        return new()
        {
            Name = name,
            Title = title ?? "NIH ChestX-ray14",
            Source = "NIH ChestX-ray14, NIH Clinical Center",
            Licence = Licence,
            Citation = Citation,
            Train = new Items(nih, train),
            Test = new Items(nih, test),
            Problems = problems,
            Notes =
            [
                $"{rule} {choice.InWords}",
                "Labels were extracted from reports by a program; about 90 % are right by NIH's own estimate.",
            ],
        };
    }

    /// <summary>NIH's lists share no patient; where a folder's do, the patient stays in the test.</summary>
    private static (List<int> Train, List<int> Test) ByLists(List<int> rows, NihTable table, List<ImportProblem> problems)
    {
        var test = rows.Where(row => table.List(row) == NihList.Test).ToList();
        var tested = test.Select(table.Patient).ToHashSet();
        List<int> train = [];
        foreach (var row in rows)
        {
            if (table.List(row) == NihList.Test) continue;
            if (table.List(row) == NihList.None) problems.Add(new(table.Image(row), "in neither list of NIH's split"));
            else if (tested.Contains(table.Patient(row))) problems.Add(new(table.Image(row), $"listed for training, but its patient {table.Patient(row)} is in the test"));
            else train.Add(row);
        }
        return (train, test);
    }

    private static KeyValuePair<string, string>[] Attributes(NihRecord record)
    {
        (string Key, string? Value)[] all =
        [
            (AttributeNames.Patient, record.Patient), (AttributeNames.Source, "NIH ChestX-ray14"), (AttributeNames.View, record.View), (AttributeNames.Sex, record.Sex),
            (AttributeNames.Age, record.Age), ("follow_up", record.FollowUp), ("other_findings", record.OtherFindings),
        ];
        return [.. all.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Key, one.Value!))];
    }

    /// <summary>Rows of the table as images, each made anew when it is asked for.</summary>
    private sealed class Items(NihFolder nih, List<int> rows) : IReadOnlyList<ImportItem>
    {
        public int Count => rows.Count;

        public ImportItem this[int index]
        {
            get
            {
                var record = nih.Table[rows[index]];
                var path = Path.Combine(nih.Table.Folder(rows[index])!, record.Image);
                return new(record.Image, path, record.HasPneumothorax, Attributes(record), nih.Boxes.GetValueOrDefault(record.Image));
            }
        }

        public IEnumerator<ImportItem> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
