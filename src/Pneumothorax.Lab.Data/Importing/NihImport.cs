using System.Globalization;

namespace Pneumothorax.Lab.Data.Importing;

/// <summary>Which of NIH's images to take.</summary>
/// <param name="NegativesAPositive">Images without a pneumothorax for each one with it, in each split; null for all there are.</param>
/// <param name="Seed">Which of them; same seed, same choice.</param>
public sealed record NihChoice(double? NegativesAPositive = 3, int Seed = 1);

/// <summary>NIH ChestX-ray14 to a plan: every image with a pneumothorax and the chosen number of others, split without any patient crossing.</summary>
public static class NihImport
{
    private const double TestShare = 0.2;

    /// <param name="folder">As downloaded, see the README.</param>
    /// <exception cref="InvalidDataException">The folder does not hold what it should; the message names the file.</exception>
    /// <exception cref="ArgumentException">The choice is out of range.</exception>
    public static ImportPlan Plan(string folder, string name, NihChoice choice, string? title = null)
    {
        if (choice.NegativesAPositive is { } ratio && !(ratio is >= 0 and <= 1000))
            throw new ArgumentException(FormattableString.Invariant($"There can be 0 to 1000 images without a pneumothorax for each with one, not {ratio}."));

        var nih = NihFolder.Read(folder);
        List<ImportProblem> problems = [.. nih.Problems];
        var there = nih.Records.Where(record => nih.Pictures.ContainsKey(record.Image)).ToList();
        problems.AddRange(nih.Records.Where(record => !nih.Pictures.ContainsKey(record.Image)).Select(record => new ImportProblem(record.Image, "in the table, but not in the folders of images")));
        problems.AddRange(nih.Pictures.Keys.Except(nih.Records.Select(record => record.Image)).Order(StringComparer.Ordinal).Select(image => new ImportProblem(image, "in the folders of images, but not in the table")));

        var random = new SeededRandom((uint)choice.Seed);
        var (train, test) = nih.Lists is { } lists ? ByLists(there, lists, problems) : ByPatient(there, random);
        var rule = nih.Lists is null ? "Split by patient: the lists of NIH are not in the folder." : "Split by NIH's lists.";
        (train, test) = (Choose(train, choice, random), Choose(test, choice, random));
        foreach (var (split, records) in ((string, List<NihRecord>)[])[("train", train), ("test", test)])
        {
            if (!records.Any(record => record.HasPneumothorax) || records.All(record => record.HasPneumothorax))
                throw new InvalidDataException($"{folder}: of its images, {records.Count} would be for {split}, {records.Count(record => record.HasPneumothorax)} of them with a pneumothorax; both kinds are needed.");
        }

        return new()
        {
            Name = name,
            Title = title ?? "NIH ChestX-ray14",
            Source = "NIH ChestX-ray14, NIH Clinical Center",
            Train = Items(train, nih),
            Test = Items(test, nih),
            Problems = problems,
            Notes =
            [
                $"{rule} {(choice.NegativesAPositive is { } negatives ? FormattableString.Invariant($"Every image with a pneumothorax, and {negatives:0.##} without for each (seed {choice.Seed}).") : "Every image.")}",
                "Labels were mined from reports, about 90 % right by NIH's own estimate. Cite Wang et al., ChestX-ray8, CVPR 2017, pages 3462 to 3471.",
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

    private static (List<NihRecord> Train, List<NihRecord> Test) ByPatient(List<NihRecord> records, SeededRandom random)
    {
        // Apart, so that both splits have their share of those who ever had one.
        HashSet<string> tested = [];
        foreach (var patients in records.GroupBy(record => record.Patient).GroupBy(images => images.Any(record => record.HasPneumothorax)))
        {
            var shuffled = patients.Select(images => images.Key).Order(StringComparer.Ordinal).ToList();
            random.Shuffle(shuffled);
            tested.UnionWith(shuffled.Take((int)Math.Round(TestShare * shuffled.Count)));
        }
        return (records.Where(record => !tested.Contains(record.Patient)).ToList(), records.Where(record => tested.Contains(record.Patient)).ToList());
    }

    private static List<NihRecord> Choose(List<NihRecord> records, NihChoice choice, SeededRandom random)
    {
        if (choice.NegativesAPositive is not { } ratio) return records;

        var negatives = records.Where(record => !record.HasPneumothorax).ToList();
        random.Shuffle(negatives);
        var chosen = negatives.Take((int)Math.Round(ratio * (records.Count - negatives.Count))).Select(record => record.Image).ToHashSet();
        return records.Where(record => record.HasPneumothorax || chosen.Contains(record.Image)).ToList();
    }

    private static List<ImportItem> Items(List<NihRecord> records, NihFolder nih) =>
        [.. records.Select(record => new ImportItem(record.Image, nih.Pictures[record.Image], record.HasPneumothorax, Attributes(record), nih.Boxes.GetValueOrDefault(record.Image)))];

    private static Dictionary<string, string> Attributes(NihRecord record)
    {
        Dictionary<string, string> known = new() { [AttributeNames.Patient] = record.Patient, [AttributeNames.Source] = "NIH ChestX-ray14" };
        Add(AttributeNames.View, record.View);
        Add(AttributeNames.Sex, record.Sex);
        Add(AttributeNames.Age, record.Age?.ToString(CultureInfo.InvariantCulture));
        Add("follow_up", record.FollowUp?.ToString(CultureInfo.InvariantCulture));
        var others = record.Findings.Where(finding => finding != NihRecord.Pneumothorax).Select(finding => finding.Replace('_', ' ').ToLowerInvariant()).ToList();
        Add("other_findings", others.Count == 0 ? "none" : string.Join(", ", others));
        return known;

        void Add(string key, string? value)
        {
            if (value is not null) known[key] = value;
        }
    }
}
