namespace Pneumothorax.Lab.Data.Importing;

/// <summary>NIH ChestX-ray14 to a plan: every image with a pneumothorax and the chosen number of others, split without any patient crossing.</summary>
public static class NihImport
{
    /// <summary>What the NIH asks of whoever uses its images.</summary>
    public const string Licence = "Free to use: name the NIH Clinical Center as the provider, link its download site and cite the paper";

    public const string Citation = "Wang et al., ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks, CVPR 2017, pages 3462 to 3471";

    /// <param name="folder">As downloaded, see the README.</param>
    /// <exception cref="InvalidDataException">The folder does not hold what it should; the message names the file.</exception>
    /// <exception cref="ArgumentException">The choice is out of range.</exception>
    public static ImportPlan Plan(string folder, string name, ImportChoice choice, string? title = null)
    {
        choice.Check();
        var nih = NihFolder.Read(folder);
        List<ImportProblem> problems = [.. nih.Problems];
        var there = nih.Records.Where(record => nih.Pictures.ContainsKey(record.Image)).ToList();
        problems.AddRange(nih.Records.Where(record => !nih.Pictures.ContainsKey(record.Image)).Select(record => new ImportProblem(record.Image, "in the table, but not in the folders of images")));
        problems.AddRange(nih.Pictures.Keys.Except(nih.Records.Select(record => record.Image)).Order(StringComparer.Ordinal).Select(image => new ImportProblem(image, "in the folders of images, but not in the table")));

        var random = new SeededRandom((uint)choice.Seed);
        var (train, test) = nih.Lists is { } lists && !choice.AlwaysByPatient ? ByLists(there, lists, problems) : ImportChoice.ByPatient(there, record => record.Patient, record => record.HasPneumothorax, random);
        var rule = choice.AlwaysByPatient ? "Split by patient." : nih.Lists is null ? "Split by patient: the lists of NIH are not in the folder." : "Split by NIH's lists.";
        (train, test) = (choice.Choose(train, record => record.HasPneumothorax, random), choice.Choose(test, record => record.HasPneumothorax, random));
        ImportChoice.RefuseOneKind(folder, train, test, record => record.HasPneumothorax);

        return new()
        {
            Name = name,
            Title = title ?? "NIH ChestX-ray14",
            Source = "NIH ChestX-ray14, NIH Clinical Center",
            Licence = Licence,
            Citation = Citation,
            Train = Items(train, nih),
            Test = Items(test, nih),
            Problems = problems,
            Notes =
            [
                $"{rule} {choice.InWords}",
                "Labels were mined from reports, about 90 % right by NIH's own estimate.",
            ],
        };
    }

    /// <summary>NIH's lists share no patient; where a folder's do, the test keeps him.</summary>
    private static (List<NihRecord> Train, List<NihRecord> Test) ByLists(
        List<NihRecord> records, (IReadOnlySet<string> Train, IReadOnlySet<string> Test) lists, List<ImportProblem> problems)
    {
        var test = records.Where(record => lists.Test.Contains(record.Image)).ToList();
        var tested = test.Select(record => record.Patient).ToHashSet();
        List<NihRecord> train = [];
        foreach (var record in records)
        {
            if (lists.Test.Contains(record.Image)) continue;
            if (!lists.Train.Contains(record.Image)) problems.Add(new(record.Image, "in neither list of NIH's split"));
            else if (tested.Contains(record.Patient)) problems.Add(new(record.Image, $"listed for training, but its patient {record.Patient} is in the test"));
            else train.Add(record);
        }
        return (train, test);
    }

    private static List<ImportItem> Items(List<NihRecord> records, NihFolder nih) =>
        [.. records.Select(record => new ImportItem(record.Image, nih.Pictures[record.Image], record.HasPneumothorax, Attributes(record), nih.Boxes.GetValueOrDefault(record.Image)))];

    private static KeyValuePair<string, string>[] Attributes(NihRecord record)
    {
        (string Key, string? Value)[] all =
        [
            (AttributeNames.Patient, record.Patient), (AttributeNames.Source, "NIH ChestX-ray14"), (AttributeNames.View, record.View), (AttributeNames.Sex, record.Sex),
            (AttributeNames.Age, record.Age), ("follow_up", record.FollowUp), ("other_findings", record.OtherFindings),
        ];
        return [.. all.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Key, one.Value!))];
    }
}
