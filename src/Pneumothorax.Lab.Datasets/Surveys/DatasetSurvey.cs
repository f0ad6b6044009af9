namespace Pneumothorax.Lab.Datasets.Surveys;

/// <summary>One image of a data set.</summary>
public sealed record ImagePlace(SplitName Split, int Index);

/// <summary>The mean of all images of one class in one split.</summary>
/// <param name="Pixels">256 x 256 grey values.</param>
public sealed record ClassMean(SplitName Split, bool HasPneumothorax, int Images, byte[] Pixels);

/// <summary>Two images that are so alike that one may be a copy of the other.</summary>
/// <param name="Likeness">Correlation of their grey values, up to 1.</param>
/// <param name="LabelsDiffer">One is said to have a pneumothorax, the other not.</param>
public sealed record ImageTwins(ImagePlace One, ImagePlace Other, double Likeness, bool LabelsDiffer)
{
    /// <summary>One of them is learned from and the other tested on: the worst kind of copy.</summary>
    public bool AcrossSplits => One.Split != Other.Split;
}

/// <summary>An image that is less like the mean of all than the others are.</summary>
/// <param name="Likeness">Correlation with the mean image, -1..1; 0 for an image of one grey.</param>
/// <param name="Reason">What is plainly wrong with it; null where it is only unusual.</param>
public sealed record OddImage(ImagePlace Place, double Likeness, string? Reason);

/// <summary>What one look at every image of a data set shows before anything is learned from it.</summary>
/// <param name="Twins">The most alike first, copies across splits before others; at most <see cref="MostTwins"/>.</param>
/// <param name="Odd">The least like the mean first; at most <see cref="MostOdd"/>.</param>
public sealed record DatasetSurvey(int Images, IReadOnlyList<ClassMean> Means, IReadOnlyList<ImageTwins> Twins, IReadOnlyList<OddImage> Odd)
{
    public const int MostTwins = 60;
    public const int MostOdd = 18;

    /// <summary>Of the details in which an image differs from the mean, in 16 x 16 fields: a screen for the slow comparison of all pixels.</summary>
    private const float AlikeInFields = 0.97f;

    /// <summary>Of all pixels. Two X-rays of one patient, taken minutes apart, stay below it; a copy saved anew as JPEG does not.</summary>
    private const double AlikeInPixels = 0.985;

    /// <summary>Looks at every image of every registered file; a validation split that was taken from the train file is part of that.</summary>
    /// <param name="progress">0..1.</param>
    public static DatasetSurvey Of(Dataset dataset, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var splits = SplitNames.All.Where(split => dataset.Has(split) && !(split == SplitName.Validation && dataset[SplitName.Train].HeldOutRows.Count > 0)).ToList();
        List<ImagePlace> places = [.. splits.SelectMany(split => Enumerable.Range(0, dataset[split].Count).Select(index => new ImagePlace(split, index)))];
        var sketches = new ImageSketch[places.Count];
        List<ClassMean> means = [];
        var done = 0;
        foreach (var split in splits)
        {
            var first = places.FindIndex(place => place.Split == split);
            means.AddRange(MeansOf(dataset[split], split, sketches.AsMemory(first, dataset[split].Count), () =>
            {
                var now = Interlocked.Increment(ref done);
                if (now % 64 == 0) progress?.Report(0.7 * now / places.Count);
            }, cancellationToken));
        }

        var mean = ImageSketch.MeanOf(sketches);
        List<OddImage> odd = [.. sketches.Select((sketch, i) => new OddImage(places[i], sketch.LikenessTo(mean), sketch.Fault))
            .OrderBy(image => image.Reason is null).ThenBy(image => image.Likeness).Take(MostOdd)];
        foreach (var sketch in sketches) sketch.TakeAway(mean);
        var twins = TwinsAmong(dataset, places, sketches, share => progress?.Report(0.7 + 0.3 * share), cancellationToken);
        return new(places.Count, means, twins, odd);
    }

    /// <summary>On half of the cores: a class works on the others.</summary>
    private static ParallelOptions With(CancellationToken cancellationToken) =>
        new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2) };

    private static List<ClassMean> MeansOf(ImageSplit split, SplitName name, Memory<ImageSketch> sketches, Action report, CancellationToken cancellationToken)
    {
        const int pixels = DatasetManifest.Side * DatasetManifest.Side;
        long[][] sums = [new long[pixels], new long[pixels]];
        var gate = new Lock();
        Parallel.For(0, split.Count, With(cancellationToken), () => (int[][])[new int[pixels], new int[pixels]], (index, _, own) =>
        {
            var image = split.Pixels(index);
            var sum = own[split.HasPneumothorax(index) ? 1 : 0];
            for (var i = 0; i < image.Length; i++) sum[i] += image[i];      // 2^31 / 255 images fit
            sketches.Span[index] = ImageSketch.Of(image);
            report();
            return own;
        }, own =>
        {
            lock (gate)
            {
                for (var label = 0; label < 2; label++)
                {
                    for (var i = 0; i < pixels; i++) sums[label][i] += own[label][i];
                }
            }
        });
        return [.. from label in (int[])[1, 0]
                   let images = label == 1 ? split.Positives : split.Count - split.Positives
                   where images > 0
                   select new ClassMean(name, label == 1, images, [.. sums[label].Select(sum => (byte)((sum + images / 2) / images))])];
    }

    private static List<ImageTwins> TwinsAmong(
        Dataset dataset, List<ImagePlace> places, ImageSketch[] sketches, Action<double> report, CancellationToken cancellationToken)
    {
        List<ImageTwins> twins = [];
        var gate = new Lock();
        long compared = 0, all = (long)sketches.Length * (sketches.Length - 1) / 2;
        Parallel.For(0, sketches.Length, With(cancellationToken), one =>
        {
            for (var other = one + 1; other < sketches.Length; other++)
            {
                if (sketches[one].LikenessTo(sketches[other]) < AlikeInFields) continue;

                var likeness = ImageSketch.Correlation(Pixels(one), Pixels(other));
                if (likeness < AlikeInPixels) continue;
                lock (gate) twins.Add(new(places[one], places[other], likeness, Label(one) != Label(other)));
            }
            report(all == 0 ? 1 : (double)Interlocked.Add(ref compared, sketches.Length - one - 1) / all);
        });
        return [.. twins.OrderByDescending(pair => pair.AcrossSplits).ThenByDescending(pair => pair.Likeness).ThenBy(pair => pair.One.Index).Take(MostTwins)];

        ReadOnlySpan<byte> Pixels(int place) => dataset[places[place].Split].Pixels(places[place].Index);
        bool Label(int place) => dataset[places[place].Split].HasPneumothorax(places[place].Index);
    }
}
