using System.Security.Cryptography;
using Pneumothorax.Lab.Datasets.Dicom;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Registration;
using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>What came of an import.</summary>
/// <param name="ReportPath">CSV of the images that were left out, with the reason; in the data set's folder.</param>
/// <param name="Resumed">Images that an earlier, interrupted import had read already.</param>
public sealed record ImportResult(DatasetManifest Manifest, string ReportPath, IReadOnlyList<ImportProblem> Problems, int Resumed);

/// <summary>
/// Pictures to a registered data set: decoded and brought to 256 x 256 on all cores, a few at a time, so that memory does not depend on how many
/// there are. An image that cannot be read, or that was there before, is left out and reported.
/// </summary>
public static class ImageImport
{
    /// <summary>Pictures that are decoded before the next are looked at, for each core.</summary>
    private const int AtATime = 8;

    // Each thread keeps a picture's worth of memory for its next one; the pool would start ever more of them while some wait for the disk.
    private static readonly ParallelOptions s_onEachCore = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <returns>The data set, visible from now on.</returns>
    /// <exception cref="ArgumentException">The name breaks the rule or is taken.</exception>
    /// <exception cref="InvalidDataException">Too few pictures can be read.</exception>
    /// <exception cref="IOException">The disk does not suffice, or another process imports under this name.</exception>
    /// <exception cref="OperationCanceledException">What was read is kept: the same import goes on from there.</exception>
    public static ImportResult Run(
        DatasetStore store, ImportPlan plan, TimeProvider clock, IProgress<DataProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var writer = new DatasetWriter(store, plan.Name);     // first: a taken name is told before anything is read
        using var journal = ImportJournal.Open(store, plan);
        CheckSpace(store, plan, journal.Resumed);

        List<ImportProblem> problems = [.. plan.Problems];
        var total = plan.Train.Count + plan.Test.Count;
        // At its full size from the start: growing, it would lie about in ever larger pieces.
        var seen = new Dictionary<Hash, int>(total);        // place among all: first those for training
        var (done, amiss) = (0, plan.Problems.Count);
        var rule = "";
        (SplitName Split, IReadOnlyList<ImportItem> Items)[] splits = [(SplitName.Train, plan.Train), (SplitName.Test, plan.Test)];
        // All is read before anything leaves the journal's folder: until then a killed import loses nothing.
        foreach (var (split, items) in splits)
        {
            Read(split, items);
            for (var index = 0; index < items.Count; index++)
            {
                if (journal.Looked(split)[index] is { } why) problems.Add(new(items[index].Name, why));
                if (journal.Notes(split)[index] is { } note) problems.Add(new(items[index].Name, $"imported, with a warning: {note}"));
            }
            var kept = Kept(split, items);
            var positives = kept.Count(index => items[index].HasPneumothorax);
            if (positives == 0 || positives == kept.Count)
                throw new InvalidDataException($"Of the {items.Count} pictures for {split.Word()}, {kept.Count} can be read, {positives} of them with a pneumothorax; both kinds are needed. The first that cannot: {problems.LastOrDefault()?.Image}, {problems.LastOrDefault()?.Why}.");
        }
        progress?.Report(new("Checking the images", 1));
        var sealedFiles = splits.Select(split => journal.Complete(split.Split)).ToList();
        foreach (var ((split, items), (path, header)) in splits.Zip(sealedFiles))
        {
            File.Move(path, SplitFiles.Pixels(writer.Folder, split));
            writer.Add(split, header, Rows(items, Kept(split, items), split, ref rule));
        }

        var manifest = new DatasetManifest
        {
            Name = plan.Name,
            Title = plan.Title,
            Source = plan.Source,
            Licence = plan.Licence,
            Citation = plan.Citation,
            Hash = writer.ContentHash(),
            CreatedAt = clock.GetUtcNow(),
            Splits = writer.Summaries(),
            ValidationRule = rule,
            Notes = [.. plan.Notes, problems.Count == 0 ? "No image was left out." : $"{problems.Count} {(problems.Count == 1 ? "line" : "lines")} in {ImportReport.FileName} in the data set's folder: images that were left out, or imported with a warning."],
        };
        ImportReport.Write(Path.Combine(writer.Folder, ImportReport.FileName), problems);
        cancellationToken.ThrowIfCancellationRequested();
        writer.Complete(manifest);
        journal.Delete();
        return new(manifest, Path.Combine(store.FolderOf(plan.Name), ImportReport.FileName), problems, journal.Resumed);

        List<int> Kept(SplitName split, IReadOnlyList<ImportItem> items) => [.. Enumerable.Range(0, items.Count).Where(index => journal.Looked(split)[index] is null)];

        string NameOf(int place) => place < plan.Train.Count ? plan.Train[place].Name : plan.Test[place - plan.Train.Count].Name;

        void Read(SplitName split, IReadOnlyList<ImportItem> items)
        {
            var looked = journal.Looked(split).Count;
            // Pictures that an earlier process took may come again.
            var before = split == SplitName.Train ? 0 : plan.Train.Count;
            foreach (var (index, pixels) in journal.Taken(split)) seen.TryAdd(Hash.Of(pixels), before + index);
            done += looked;
            amiss += journal.Looked(split).Concat(journal.Notes(split)).Count(words => words is not null);
            var group = new Decoded[AtATime * Environment.ProcessorCount];
            var images = Enumerable.Range(0, group.Length).Select(_ => new byte[DatasetManifest.Side * DatasetManifest.Side]).ToList();
            for (var start = looked; start < items.Count; start += group.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = Math.Min(group.Length, items.Count - start);
                Parallel.For(0, count, s_onEachCore, i => group[i] = Decode(items[start + i], images[i], cancellationToken));
                for (var i = 0; i < count; i++)
                {
                    if (group[i].Pixels is not null && !seen.TryAdd(group[i].Hash, before + start + i))
                        group[i] = new(null, default, $"the same picture as {NameOf(seen[group[i].Hash])}", null);
                }
                journal.Add(split, group.Take(count).Select(one => (one.Pixels, one.Why, one.Note)));
                done += count;
                amiss += group.Take(count).Count(one => (one.Why ?? one.Note) is not null);
                progress?.Report(new("Reading images", (double)done / total) { Images = done, Total = total, Problems = amiss });
            }
        }
    }

    /// <param name="image">Filled; used again for a later picture.</param>
    private static Decoded Decode(ImportItem item, byte[] image, CancellationToken cancellationToken)
    {
        try
        {
            var notes = item.Dicom is { } tags ? ReadDicom(item.Path, tags, image, cancellationToken) : ReadPicture(item.Path, image);
            return new(image, Hash.Of(image), null, notes.Count > 0 ? string.Join("; ", notes) : null);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new(null, default, $"cannot be read: {exception.Message.ReplaceLineEndings(" ")}", null);
        }
    }

    private static IReadOnlyList<string> ReadPicture(string path, byte[] image)
    {
        using var stream = RegularFile.Open(path);
        return PictureDecoder.UseGrey(stream, (grey, width, height) => new SquareFrame(width, height).ToImage(grey, image));
    }

    private static List<string> ReadDicom(string path, DicomTags tags, byte[] image, CancellationToken cancellationToken)
    {
        var picture = new DicomRendering(path, tags, cancellationToken).Render();
        new SquareFrame(picture.Width, picture.Height).ToImage(picture.Pixels, image);
        // What the header tells was noted with the plan.
        return [.. picture.Warnings.Except(DicomRendering.HeaderWarnings(tags))];
    }

    /// <param name="kept">Indices of the items that were taken, ascending.</param>
    private static SplitRows Rows(IReadOnlyList<ImportItem> items, List<int> kept, SplitName split, ref string rule)
    {
        var labels = new byte[kept.Count];
        Dictionary<string, AttributeColumnBuilder> columns = [];
        Dictionary<int, PixelBox> boxes = [];
        Dictionary<int, byte[]> masks = [];
        for (var row = 0; row < kept.Count; row++)
        {
            var item = items[kept[row]];
            labels[row] = (byte)(item.HasPneumothorax ? 1 : 0);
            foreach (var (key, value) in item.Attributes)
            {
                if (!columns.TryGetValue(key, out var column)) columns[key] = column = new(key, kept.Count);
                column[row] = value;
            }
            if (item.Mask is { } packed)
            {
                masks[row] = packed;
                boxes[row] = ImageMask.Unpack(packed).Box;
            }
            else if (item.Box is not null)
            {
                boxes[row] = Scaled(item);
            }
        }
        List<AttributeColumn> known = [.. columns.Values.Select(column => column.Build()).OfType<AttributeColumn>()];
        IReadOnlyList<int> heldOut = [];
        if (split == SplitName.Train) (heldOut, rule) = ValidationSplit.Choose(labels, known.FirstOrDefault(column => column.Name == AttributeNames.Patient));
        return new(labels, known, boxes, heldOut, masks);
    }

    private static PixelBox Scaled(ImportItem item)
    {
        using var stream = RegularFile.Open(item.Path);
        var (width, height) = ImageCodec.SizeOf(stream);
        return new SquareFrame(width, height).ToImage(item.Box!);
    }

    private static void CheckSpace(DatasetStore store, ImportPlan plan, int resumed)
    {
        var needed = ((long)plan.Train.Count + plan.Test.Count - resumed) * DatasetManifest.Side * DatasetManifest.Side;
        var free = new DriveInfo(store.Directory).AvailableFreeSpace;
        if (needed > free) throw new IOException($"{plan.Train.Count + plan.Test.Count - resumed} images need {needed >> 20} MB in {store.Directory}, where only {free >> 20} MB are free.");
    }

    /// <param name="Pixels">256 x 256 grey values; null where the picture is left out.</param>
    /// <param name="Why">It is left out, in a few words.</param>
    /// <param name="Note">What is amiss with a picture that is taken.</param>
    private readonly record struct Decoded(byte[]? Pixels, Hash Hash, string? Why, string? Note);

    /// <summary>128 bits of a picture's SHA-256: enough to tell a hundred thousand apart.</summary>
    private readonly record struct Hash(ulong High, ulong Low)
    {
        public static Hash Of(ReadOnlySpan<byte> pixels)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(pixels, hash);
            return new(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]));
        }
    }
}
