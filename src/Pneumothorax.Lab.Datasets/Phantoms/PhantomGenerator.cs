using System.Security.Cryptography;
using System.Text;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>
/// A data set without people: drawn chests, some with a pneumothorax whose place is known. Same number, same seed, same images.
/// </summary>
public static class PhantomGenerator
{
    /// <summary>Part of the hash: raise it with every change that changes a pixel, a label or the split.</summary>
    public const int Version = 2;

    /// <summary>Fewer cannot be split with both classes in every part.</summary>
    public const int LeastImages = 40;

    public const int MostImages = 100_000;

    private const double TrainShare = 0.75;

    /// <summary>Draws and registers the data set; it becomes visible whole, at the end.</summary>
    /// <param name="progress">0 to 1, from the calling thread.</param>
    /// <exception cref="ArgumentException">The name is taken or breaks the rule, or the number of images is out of range.</exception>
    public static DatasetManifest Generate(
        DatasetStore store, string name, int images, int seed, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        if (images is < LeastImages or > MostImages) throw new ArgumentException($"A phantom set has {LeastImages} to {MostImages} images, not {images}.");

        using var writer = new DatasetWriter(store, name);
        var plan = PhantomPlan.Draw(images, seed);
        var train = (int)(images * TrainShare);
        while (train < images - 1 && plan[train].Patient == plan[train - 1].Patient) train++;       // patients do not cross

        var done = 0;
        var rule = "";
        foreach (var (split, first, count) in ((SplitName, int, int)[])[(SplitName.Train, 0, train), (SplitName.Test, train, images - train)])
        {
            using var pixels = writer.Pixels(split);
            List<(PixelBox? Box, ImageMask? Mask)> places = [];
            foreach (var (picture, place) in Draw(plan, first, count, seed, cancellationToken))
            {
                pixels.Add(picture);
                places.Add(place);
                progress?.Report((double)++done / images);
            }
            var header = pixels.Complete();
            var rows = Rows(plan, first, count, places, split, ref rule);
            writer.Add(split, header, rows);
        }

        var manifest = new DatasetManifest
        {
            Name = name,
            Title = "Phantoms",
            Synthetic = true,
            Source = "Drawn by the lab",
            Licence = DatasetManifest.NoPatient,
            Hash = Hash(images, seed),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Splits = writer.Summaries(),
            ValidationRule = rule,
            Notes = [FormattableString.Invariant($"{images:#,##0} phantoms drawn with seed {seed}. Not pictures of people.")],
        };
        cancellationToken.ThrowIfCancellationRequested();
        writer.Complete(manifest);
        return manifest;
    }

    /// <returns>The hash of such a data set, without drawing it: it depends on the recipe alone.</returns>
    public static string Hash(int images, int seed) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"phantoms {Version} {images} {seed}"))));

    /// <summary>One phantom, for tests and contact sheets.</summary>
    internal static (byte[] Pixels, PixelBox? Box, ImageMask? Mask) Draw(PlannedPhantom planned, int seed)
    {
        var painter = new PhantomPainter();
        var (box, mask) = Paint(painter, planned, seed);
        return (painter.Pixels, box, mask);
    }

    /// <summary>
    /// Up to two pictures at a time, each from its own seed, so that the order of threads does not matter; handed out in order.
    /// Half of a small machine stays free: at the first start the portal answers its first readers meanwhile.
    /// </summary>
    private static IEnumerable<(byte[] Pixels, (PixelBox? Box, ImageMask? Mask) Place)> Draw(
        IReadOnlyList<PlannedPhantom> plan, int first, int count, int seed, CancellationToken cancellationToken)
    {
        var painters = Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount / 2, 1, 2)).Select(_ => new PhantomPainter()).ToArray();
        var places = new (PixelBox? Box, ImageMask? Mask)[painters.Length];
        for (var start = first; start < first + count; start += painters.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = Math.Min(painters.Length, first + count - start);
            Parallel.For(0, batch, i => places[i] = Paint(painters[i], plan[start + i], seed));
            for (var i = 0; i < batch; i++) yield return (painters[i].Pixels, places[i]);
        }
    }

    private static (PixelBox? Box, ImageMask? Mask) Paint(PhantomPainter painter, PlannedPhantom planned, int seed)
    {
        var random = SeededRandom.For(seed, planned.Index);
        return painter.Paint(planned.Chest(random), random);
    }

    private static SplitRows Rows(IReadOnlyList<PlannedPhantom> plan, int first, int count, List<(PixelBox? Box, ImageMask? Mask)> places, SplitName split, ref string rule)
    {
        var mine = plan.Skip(first).Take(count).ToList();
        byte[] labels = [.. mine.Select(planned => (byte)(planned.Sick ? 1 : 0))];
        var facts = mine.Select(planned => planned.Attributes(SeededRandom.For(planned.Seed, planned.Index))).ToList();
        AttributeColumn[] columns =
            [.. from key in (string[])[AttributeNames.Patient, AttributeNames.View, AttributeNames.Sex, AttributeNames.Age, AttributeNames.Drain, AttributeNames.Size, AttributeNames.Side]
                let column = AttributeColumn.Of(key, facts.Select(fact => fact.GetValueOrDefault(key)))
                where column is not null
                select column];
        IReadOnlyList<int> heldOut = [];
        if (split == SplitName.Train) (heldOut, rule) = ValidationSplit.Choose(labels, columns.First(column => column.Name == AttributeNames.Patient));
        var boxes = places.Index().Where(item => item.Item.Box is not null).ToDictionary(item => item.Index, item => item.Item.Box!);
        var masks = places.Index().Where(item => item.Item.Mask is not null).ToDictionary(item => item.Index, item => item.Item.Mask!.Pack());
        return new(labels, columns, boxes, heldOut, masks);
    }
}
