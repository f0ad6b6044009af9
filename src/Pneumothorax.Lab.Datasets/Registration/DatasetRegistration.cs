using Pneumothorax.Lab.Datasets.Hdf5;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets.Registration;

/// <summary>What to register under a name.</summary>
public sealed record RegistrationRequest
{
    public required string Name { get; init; }
    public required string TrainFile { get; init; }
    public required string TestFile { get; init; }

    /// <summary>Null: a fifth of the train file is held out, see <see cref="DatasetManifest.ValidationRule"/>.</summary>
    public string? ValidationFile { get; init; }

    /// <summary>CSV with the columns file, index and others; null for a labels.csv beside the train file that names it, if there is one.</summary>
    public string? AttributesFile { get; init; }

    /// <summary>Bring images of another size to 256 x 256 instead of refusing them.</summary>
    public bool Resample { get; init; }

    /// <summary>Null for the name.</summary>
    public string? Title { get; init; }

    /// <summary>Credit line; null for what the attributes' source column says, else the name of the train file.</summary>
    public string? Source { get; init; }

    /// <summary>Null for what the attributes' licence column says, if anything.</summary>
    public string? Licence { get; init; }

    /// <summary>The work to cite, if any.</summary>
    public string? Citation { get; init; }
}

/// <summary>Where a registration or check is: a stage in words and how much of it is done, 0 to 1.</summary>
public readonly record struct DataProgress(string Stage, double Done)
{
    /// <summary>Images that are done, of <see cref="Total"/>; null where a stage does not count them.</summary>
    public int? Images { get; init; }

    public int? Total { get; init; }

    /// <summary>Images that are left out so far, or taken with something amiss.</summary>
    public int Problems { get; init; }
}

/// <summary>HDF5 files to a registered data set. Everything is read and checked before anything becomes visible.</summary>
public static class DatasetRegistration
{
    /// <returns>The manifest of the data set, which is visible from now on; its notes say what was done on the way.</returns>
    /// <exception cref="ArgumentException">The name breaks the rule or is taken.</exception>
    /// <exception cref="InvalidDataException">A file does not hold what it should; the message names file, data set and reason.</exception>
    public static DatasetManifest Register(
        DatasetStore store, RegistrationRequest request, TimeProvider clock, IProgress<DataProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        List<string> notes = [];
        using var writer = new DatasetWriter(store, request.Name);
        var attributes = Attributes(request, notes);

        (SplitName Split, string File)[] files =
            [(SplitName.Train, request.TrainFile), .. request.ValidationFile is { } validation ? [(SplitName.Validation, validation)] : Array.Empty<(SplitName, string)>(), (SplitName.Test, request.TestFile)];
        var opened = new List<(SplitName Split, Hdf5Images Images, IReadOnlyList<AttributeColumn> Columns)>();
        try
        {
            // All headers and labels first: a wrong test file is told before the train file is copied.
            foreach (var (split, file) in files)
            {
                var images = Hdf5Images.Open(file);
                opened.Add((split, images, []));
                CheckSize(images, request.Resample, notes);
                opened[^1] = (split, images, attributes?.ColumnsFor(file, images.Labels) ?? []);
            }
            CheckSpace(store, opened.Sum(item => (long)item.Images.Count));
            NoteSharedPatients([.. opened.Select(item => (item.Split, item.Columns))], notes);

            var rule = DatasetManifest.SeparateValidationFile;
            foreach (var (split, images, columns) in opened)
            {
                IReadOnlyList<int> heldOut = [];
                if (split == SplitName.Train && request.ValidationFile is null)
                    (heldOut, rule) = ValidationSplit.Choose(images.Labels, columns.FirstOrDefault(column => column.Name == AttributeNames.Patient));
                var header = Copy(writer, split, images, progress, cancellationToken);
                if (FileFacts.NoteRange(images.Range.Darkest, images.Range.Brightest) is { } odd) notes.Add($"Warning: {Path.GetFileName(images.Path)}: {odd}.");
                var masks = Masks(images, progress, cancellationToken);
                if (masks.Count > 0) notes.Add($"{Path.GetFileName(images.Path)}: {masks.Count} {(masks.Count == 1 ? "image has" : "images have")} a mask.");
                writer.Add(split, header, new(images.Labels, columns, masks.ToDictionary(mask => mask.Key, mask => mask.Value.Box), heldOut, masks.ToDictionary(mask => mask.Key, mask => mask.Value.Packed)));
            }

            var manifest = new DatasetManifest
            {
                Name = request.Name,
                Title = request.Title ?? request.Name,
                Source = request.Source ?? Credits.Of(opened.SelectMany(item => item.Columns)) ?? Path.GetFileName(request.TrainFile),
                Licence = request.Licence ?? Credits.LicenceOf(opened.SelectMany(item => item.Columns)),
                Citation = request.Citation,
                Hash = writer.ContentHash(),
                CreatedAt = clock.GetUtcNow(),
                Splits = writer.Summaries(),
                ValidationRule = rule,
                Notes = notes,
            };
            cancellationToken.ThrowIfCancellationRequested();
            writer.Complete(manifest);
            return manifest;
        }
        finally
        {
            opened.ForEach(item => item.Images.Dispose());
        }
    }

    private static AttributeTable? Attributes(RegistrationRequest request, List<string> notes)
    {
        if (request.AttributesFile is { } chosen)
        {
            var table = AttributeTable.Read(chosen);
            return table.Describes(request.TrainFile)
                ? table
                : throw new InvalidDataException($"{chosen} has no record whose \"file\" is {Path.GetFileName(request.TrainFile)}.");
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(request.TrainFile))!, "labels.csv");
        if (!File.Exists(beside)) return null;
        try
        {
            var found = AttributeTable.Read(beside);
            if (!found.Describes(request.TrainFile)) return null;
            notes.Add($"Attributes from {Path.GetFileName(beside)} beside the train file.");
            return found;
        }
        catch (InvalidDataException exception)
        {
            notes.Add($"labels.csv beside the train file was not used: {exception.Message}");
            return null;
        }
    }

    private static void CheckSize(Hdf5Images images, bool resample, List<string> notes)
    {
        const int side = DatasetManifest.Side;
        if (images.Width == side && images.Height == side) return;
        if (!resample)
        {
            throw new InvalidDataException(
                $"{images.Path}: \"image\" contains images of {images.Height} x {images.Width}, but {side} x {side} is needed; --resample resizes them to {side} x {side}.");
        }
        var square = images.Width == images.Height ? "" : "padded to a square with black and ";
        notes.Add($"{Path.GetFileName(images.Path)}: {square}resampled from {images.Height} x {images.Width} to {side} x {side}.");
    }

    private static void CheckSpace(DatasetStore store, long images)
    {
        var needed = images * DatasetManifest.Side * DatasetManifest.Side;
        var free = new DriveInfo(store.Directory).AvailableFreeSpace;
        if (needed > free) throw new IOException($"{images} images need {needed >> 20} MB in {store.Directory}, where only {free >> 20} MB are free.");
    }

    /// <summary>A patient in two splits lets a network recognise the patient instead of the finding.</summary>
    private static void NoteSharedPatients(IReadOnlyList<(SplitName Split, IReadOnlyList<AttributeColumn> Columns)> splits, List<string> notes)
    {
        var patients = splits
            .Select(item => (item.Split, Patients: (item.Columns.FirstOrDefault(column => column.Name == AttributeNames.Patient)?.Values ?? []).ToHashSet()))
            .ToList();
        for (var i = 0; i < patients.Count; i++)
        {
            for (var j = i + 1; j < patients.Count; j++)
            {
                var shared = patients[i].Patients.Count(patients[j].Patients.Contains);
                if (shared > 0)
                    notes.Add($"Warning: {shared} {(shared == 1 ? "patient is" : "patients are")} in both {patients[i].Split.Word()} and {patients[j].Split.Word()}; the results will look better than they really are.");
            }
        }
    }

    /// <returns>By image: the box around its mask, and the mask packed.</returns>
    private static Dictionary<int, (PixelBox Box, byte[] Packed)> Masks(Hdf5Images images, IProgress<DataProgress>? progress, CancellationToken cancellationToken)
    {
        Dictionary<int, (PixelBox, byte[])> masks = [];
        var frame = new SquareFrame(images.Width, images.Height);
        var done = progress is null ? null : new SynchronousProgress(share => progress.Report(new($"Reading masks of {Path.GetFileName(images.Path)}", share) { Images = (int)Math.Round(share * images.Count), Total = images.Count }));
        images.ReadMasks(
            (index, inside) =>
            {
                if (ImageMask.Of(inside, frame) is { } mask) masks[index] = (mask.Box, mask.Pack());
            },
            done, cancellationToken);
        return masks;
    }

    private static PixelHeader Copy(DatasetWriter writer, SplitName split, Hdf5Images images, IProgress<DataProgress>? progress, CancellationToken cancellationToken)
    {
        const int side = DatasetManifest.Side;
        using var pixels = writer.Pixels(split);
        var done = progress is null ? null : new SynchronousProgress(share => progress.Report(new($"Reading {Path.GetFileName(images.Path)}", share) { Images = (int)Math.Round(share * images.Count), Total = images.Count }));
        var frame = new SquareFrame(images.Width, images.Height);
        var image = new byte[side * side];
        images.Read(
            (_, grey) =>
            {
                frame.ToImage(grey, image);
                pixels.Add(image);
            },
            done, cancellationToken);
        return pixels.Complete();
    }
}
