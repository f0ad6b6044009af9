using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pneumothorax.Lab.Datasets.Dicom;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>
/// SIIM-ACR Pneumothorax to a plan: labels and masks from its table, view, sex and age from the headers, split by patient. Of patients nothing
/// else is kept: they are numbered, in the order of a hash of the number that their hospital gave them.
/// </summary>
public static class SiimImport
{
    /// <summary>The rules of the challenge are with the download; this is what they amount to for a course.</summary>
    public const string Licence = "By the rules of the SIIM-ACR challenge of 2019: for research and teaching, not for commercial use";

    public const string Citation = "Filice et al., Crowdsourcing Pneumothorax Annotations Using Machine Learning Annotations on the NIH Chest X-ray Dataset, Journal of Digital Imaging 33, 2020, pages 490 to 496";

    private sealed record Image(string Name, string Path, IReadOnlyList<string> Masks, DicomTags Tags)
    {
        public bool HasPneumothorax => Masks.Count > 0;

        /// <summary>A file that names no patient counts as a patient of its own.</summary>
        public string Patient { get; } = Hash(Tags.PatientId is { } id ? $"patient {id}" : $"image {Name}");
    }

    /// <param name="folder">As downloaded, see the handbook's page on real data.</param>
    /// <exception cref="InvalidDataException">The folder does not hold what it should, or DCMTK is absent; the message says what is missing.</exception>
    /// <exception cref="ArgumentException">The choice is out of range.</exception>
    public static ImportPlan Plan(string folder, string name, ImportChoice choice, string? title = null, IProgress<DataProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        choice.Check();
        Dcmtk.Require();
        var siim = SiimFolder.Read(folder);
        List<ImportProblem> problems = [.. siim.Problems];
        var (files, renamed) = FilesByImage(siim, problems, cancellationToken);
        problems.AddRange(siim.Masks.Keys.Where(image => !files.ContainsKey(image)).Select(image => new ImportProblem(image, "in the table, but not in the folders of images")));
        problems.AddRange(files.Keys.Where(image => !siim.Masks.ContainsKey(image)).Select(image => new ImportProblem(image, "in the folders of images, but not in the table")));
        if (!siim.Masks.Keys.Any(files.ContainsKey))
        {
            throw new InvalidDataException(
                $"{folder}: none of the {siim.Masks.Count} images in {siim.Table} has a DICOM file: the table names them as \"{siim.Masks.Keys.First()}\", the files are named as \"{Path.GetFileName(siim.Files.First().Value)}\", "
                + "and the SOPInstanceUID in their headers is not in the table either. Use the table that belongs to these files.");
        }

        var images = ReadHeaders(siim, files, problems, progress, cancellationToken);
        var random = new SeededRandom((uint)choice.Seed);
        var (train, test) = ImportChoice.ByPatient(images, image => image.Patient, image => image.HasPneumothorax, random);
        (train, test) = (choice.Choose(train, image => image.HasPneumothorax, random), choice.Choose(test, image => image.HasPneumothorax, random));
        ImportChoice.RefuseOneKind(folder, $"{images.Count} of the {siim.Masks.Count} images in {siim.Table} have a file that can be read", train, test, image => image.HasPneumothorax);

        var numbers = images.Select(image => image.Patient).Distinct().Order(StringComparer.Ordinal).Index()
            .ToDictionary(patient => patient.Item, patient => string.Create(CultureInfo.InvariantCulture, $"siim-{patient.Index + 1:00000}"));
        return new()
        {
            Name = name,
            Title = title ?? "SIIM-ACR Pneumothorax",
            Source = "SIIM-ACR Pneumothorax Segmentation",
            Licence = Licence,
            Citation = Citation,
            Train = Items(train, numbers, problems),
            Test = Items(test, numbers, problems),
            Problems = problems,
            Notes =
            [
                $"Split by patient. {choice.InWords}",
                .. renamed == 0 ? (string[])[] : [$"{renamed} {(renamed == 1 ? "file was" : "files were")} found by the SOPInstanceUID in the header, because the file name differs from it."],
                "Masks were drawn by radiologists; if an image has several, they are combined. Patients are numbered here; their names and hospital numbers were not kept.",
            ],
        };
    }

    /// <summary>Files go by the name of their image; where some images have none, the headers of the files that nobody names are asked.</summary>
    private static (IReadOnlyDictionary<string, string> Files, int Renamed) FilesByImage(SiimFolder siim, List<ImportProblem> problems, CancellationToken cancellationToken)
    {
        if (siim.Masks.Keys.All(siim.Files.ContainsKey)) return (siim.Files, 0);

        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (var (name, file) in siim.Files.Where(file => siim.Masks.ContainsKey(file.Key))) files[name] = file;
        var others = siim.Files.Where(file => !siim.Masks.ContainsKey(file.Key)).ToList();
        var headers = DicomReader.ReadTags([.. others.Select(file => file.Value)], progress: null, cancellationToken);
        var renamed = 0;
        foreach (var ((name, file), (tags, _)) in others.Zip(headers))
        {
            if (tags?.InstanceUid is not { } image || !siim.Masks.ContainsKey(image)) files[name] = file;
            else if (files.TryAdd(image, file)) renamed++;
            else problems.Add(new(name, $"there twice, as {Path.GetFileName(files[image])} and {Path.GetFileName(file)}, of the same image; the first is used"));
        }
        return (files, renamed);
    }

    private static List<Image> ReadHeaders(SiimFolder siim, IReadOnlyDictionary<string, string> found, List<ImportProblem> problems, IProgress<DataProgress>? progress, CancellationToken cancellationToken)
    {
        var files = found.Where(file => siim.Masks.ContainsKey(file.Key)).ToList();
        List<Image> images = [];
        var headers = DicomReader.ReadTags(
            [.. files.Select(file => file.Value)],
            done => progress?.Report(new("Reading the headers", (double)done / files.Count) { Images = done, Total = files.Count, Problems = problems.Count }),
            cancellationToken);
        foreach (var (file, (tags, why)) in files.Zip(headers))
        {
            if (tags is { HasPixels: true }) images.Add(new(file.Key, file.Value, siim.Masks[file.Key], tags));
            else problems.Add(new(file.Key, why ?? "has no pixels"));
        }
        return images;
    }

    private static List<ImportItem> Items(List<Image> images, Dictionary<string, string> numbers, List<ImportProblem> problems)
    {
        var items = new ImportItem[images.Count];
        var found = new List<ImportProblem>[images.Count];
        Parallel.For(0, images.Count, i =>
        {
            found[i] = [.. DicomRendering.HeaderWarnings(images[i].Tags).Select(warning => new ImportProblem(images[i].Name, $"imported, with a warning: {warning}"))];
            var image = images[i];
            items[i] = new(image.Name, image.Path, image.HasPneumothorax, Attributes(image, numbers[image.Patient]), Mask: MaskOf(image, found[i])?.Pack(), Dicom: image.Tags);
        });
        problems.AddRange(found.SelectMany(own => own));
        return [.. items];
    }

    private static ImageMask? MaskOf(Image image, List<ImportProblem> problems)
    {
        if (!image.HasPneumothorax) return null;

        var (width, height) = (image.Tags.Columns!.Value, image.Tags.Rows!.Value);
        if (DicomRendering.IsTooLarge(width, height)) return null;         // the picture itself is refused later
        var borrowed = ArrayPool<bool>.Shared.Rent(width * height);
        try
        {
            var inside = borrowed.AsSpan(0, width * height);
            inside.Clear();
            foreach (var text in image.Masks) RunLength.Add(text, width, height, inside);
            return ImageMask.Of(inside, new SquareFrame(width, height));
        }
        catch (InvalidDataException exception)
        {
            problems.Add(new(image.Name, $"imported without its mask, which {exception.Message}"));
            return null;
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(borrowed);
        }
    }

    private static KeyValuePair<string, string>[] Attributes(Image image, string patient)
    {
        (string Key, string? Value)[] all =
        [
            (AttributeNames.Patient, patient), (AttributeNames.Source, "SIIM-ACR Pneumothorax"), (AttributeNames.View, image.Tags.View), (AttributeNames.Sex, image.Tags.Sex),
            (AttributeNames.Age, image.Tags.Age?.ToString(CultureInfo.InvariantCulture)),
        ];
        return [.. all.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Key, one.Value!))];
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
