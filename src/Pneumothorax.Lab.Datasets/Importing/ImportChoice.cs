namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>Which images of a collection to take.</summary>
/// <param name="NegativesAPositive">Images without a pneumothorax for each one with it, in each split; null for all there are.</param>
/// <param name="Seed">Which of them; same seed, same choice.</param>
/// <param name="AlwaysByPatient">A collection's own lists of what is for training and what for the test are passed over.</param>
public sealed record ImportChoice(double? NegativesAPositive = 3, int Seed = 1, bool AlwaysByPatient = false)
{
    private const double TestShare = 0.2;

    internal string InWords => NegativesAPositive is { } negatives
        ? FormattableString.Invariant($"Every image with a pneumothorax, and {negatives:0.##} without for each (seed {Seed}).")
        : "Every image.";

    /// <exception cref="ArgumentException">It is out of range.</exception>
    internal void Check()
    {
        if (NegativesAPositive is { } ratio && !(ratio is >= 0 and <= 1000))
            throw new ArgumentException(FormattableString.Invariant($"The number of images without a pneumothorax for each with one must be from 0 to 1000, not {ratio}."));
    }

    /// <summary>A fifth of the patients for the test; nobody is in both.</summary>
    internal static (List<T> Train, List<T> Test) ByPatient<T>(IReadOnlyCollection<T> images, Func<T, string> patientOf, Func<T, bool> positive, SeededRandom random)
    {
        // Apart, so that both splits have their share of those who ever had one.
        HashSet<string> tested = [];
        foreach (var patients in images.GroupBy(patientOf).GroupBy(own => own.Any(positive)))
        {
            var shuffled = patients.Select(own => own.Key).Order(StringComparer.Ordinal).ToList();
            random.Shuffle(shuffled);
            tested.UnionWith(shuffled.Take((int)Math.Round(TestShare * shuffled.Count)));
        }
        return (images.Where(image => !tested.Contains(patientOf(image))).ToList(), images.Where(image => tested.Contains(patientOf(image))).ToList());
    }

    /// <returns>The chosen images, in order: all with a pneumothorax, and so many of the others.</returns>
    internal List<T> Choose<T>(List<T> images, Func<T, bool> positive, SeededRandom random)
    {
        if (NegativesAPositive is not { } ratio) return images;

        var negatives = Enumerable.Range(0, images.Count).Where(index => !positive(images[index])).ToList();
        random.Shuffle(negatives);
        var chosen = negatives.Take((int)Math.Round(ratio * (images.Count - negatives.Count))).ToHashSet();
        return images.Where((image, index) => positive(image) || chosen.Contains(index)).ToList();
    }

    /// <param name="there">How many images there are, of how many in the table.</param>
    /// <exception cref="InvalidDataException">A split would have images of one kind alone.</exception>
    internal static void RefuseOneKind<T>(string folder, string there, List<T> train, List<T> test, Func<T, bool> positive)
    {
        foreach (var (split, images) in ((string, List<T>)[])[("train", train), ("test", test)])
        {
            if (!images.Any(positive) || images.All(positive))
                throw new InvalidDataException($"{folder}: {there}. Of these, {images.Count} would be for {split}, {images.Count(positive)} of them with a pneumothorax; both kinds are needed.");
        }
    }
}
