using System.Text;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Data.Dicom;

/// <summary>
/// DICOM files as grey pictures, read by the programs of DCMTK. A file that is no picture of a chest comes with warnings; one that cannot be
/// read is refused in a line.
/// </summary>
public static partial class DicomReader
{
    /// <summary>A file begins with so many bytes of anything, then <c>DICM</c>.</summary>
    public const int HeadLength = 132;

    private const long MostPixels = 64L << 20;

    /// <summary>Grey values between the darkest and the brightest pixel; some files keep a window that has nothing to do with their pixels.</summary>
    private const int LeastContrast = 32;

    /// <summary>One process starts in some 40 milliseconds and reads a header in one or two.</summary>
    private const int FilesAProcess = 100;

    /// <param name="head">The first <see cref="HeadLength"/> bytes of a file.</param>
    public static bool IsDicom(ReadOnlySpan<byte> head) => head.Length >= HeadLength && head.Slice(128, 4).SequenceEqual("DICM"u8);

    /// <summary>The first frame as a person would see it: through the file's own window of grey values if it has one, else over the full range.</summary>
    /// <exception cref="InvalidDataException">It cannot be read; the message is one line of what is wrong, without the path.</exception>
    public static Task<DicomPicture> ReadAsync(string path, CancellationToken cancellationToken = default) => Task.Run(() => Read(path, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ReadAsync"/>
    public static DicomPicture Read(string path, CancellationToken cancellationToken = default)
    {
        var (tags, why) = ReadTags([path], progress: null, cancellationToken)[0];
        return tags is not null ? Render(path, tags, cancellationToken) : throw new InvalidDataException(Sentence(why!));
    }

    /// <summary>Headers alone, many to a process.</summary>
    /// <param name="progress">Told how many files have been read, one call after the other.</param>
    /// <returns>For each file, in order: its tags, or why it has none.</returns>
    /// <exception cref="InvalidDataException">DCMTK is absent.</exception>
    internal static IReadOnlyList<(DicomTags? Tags, string? Why)> ReadTags(IReadOnlyList<string> paths, Action<int>? progress, CancellationToken cancellationToken)
    {
        Dcmtk.Require();
        var read = new (DicomTags?, string?)[paths.Count];
        var (done, telling) = (0, new Lock());
        var chunks = Enumerable.Range(0, paths.Count).Chunk(FilesAProcess).ToList();
        Parallel.ForEach(chunks, new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, chunk =>
        {
            ReadChunk(chunk);
            lock (telling) progress?.Invoke(done += chunk.Length);
        });
        return read;

        void ReadChunk(int[] chunk)
        {
            var readable = new List<int>();
            foreach (var index in chunk)
            {
                if (WhyNotDicom(paths[index]) is { } why) read[index] = (null, why);
                else readable.Add(index);
            }
            if (readable.Count == 0) return;

            var files = readable.Select(index => Path.GetFullPath(paths[index])).ToList();
            var (tags, errors) = Dump(files, cancellationToken);
            foreach (var (place, index) in readable.Index())
                read[index] = tags[place] is { } known ? (known, null) : (null, WhyNotRead(errors, files[place]));
        }
    }

    /// <inheritdoc cref="ReadAsync"/>
    internal static DicomPicture Render(string path, DicomTags tags, CancellationToken cancellationToken)
    {
        if (!tags.HasPixels) throw new InvalidDataException($"The file has no pixels{(tags.Modality is { } modality ? $": its modality is {modality}" : "")}.");
        var (width, height) = (tags.Columns!.Value, tags.Rows!.Value);
        if (IsTooLarge(width, height)) throw new InvalidDataException($"The picture is {width} x {height}; at most 64 megapixels are read.");
        var program = ProgramFor(tags.TransferSyntax);

        var warnings = Warnings(tags);
        var grey = tags.Photometric!.StartsWith("MONOCHROME", StringComparison.Ordinal);
        // Eight bits are shown as they are; of sixteen, rarely more than twelve are used, so the full range is that of the values.
        string[] range = !grey || (!tags.HasWindow && tags.BitsStored <= 8) ? [] : tags.HasWindow ? ["+Wi", "1"] : ["+Wm"];
        var picture = Run(range);
        // DCMTK fills up with black.
        if (tags.IsPlain && new FileInfo(path).Length < (long)width * height * tags.BytesAPixel) throw new InvalidDataException($"The file is cut short: it is too small for the {width} x {height} pixels that it declares.");
        if (tags.HasWindow && grey && Span(picture.Pixels) < LeastContrast)
        {
            picture = Run(["+Wm"]);
            warnings.Add("its window of grey values shows next to nothing; the full range is taken");
        }
        if (Span(picture.Pixels) == 0) warnings.Add("nothing but a single grey value");
        return new(picture.Pixels, picture.Width, picture.Height, tags, warnings);

        (byte[] Pixels, int Width, int Height) Run(string[] windowing)
        {
            var file = Path.GetFullPath(path);
            // Without overlays: drawn lines and letters would become part of the picture.
            var (code, output, errors) = Dcmtk.Run(program, ["+op", "-O", .. windowing, file], (int)Math.Min(int.MaxValue - 64, (3L * width * height) + 64), cancellationToken);
            if (code != 0) throw new InvalidDataException(Sentence(WhyNotRead(errors, file)));
            try { return PortableMap.ReadGrey(output.Span); }
            catch (InvalidDataException exception) { throw new InvalidDataException(Sentence(exception.Message), exception); }
        }
    }

    internal static bool IsTooLarge(int width, int height) => (long)width * height > MostPixels;

    private static int Span(byte[] pixels) => pixels.Max() - pixels.Min();

    /// <summary>What the header alone gives reason to warn of.</summary>
    internal static List<string> Warnings(DicomTags tags)
    {
        List<string> warnings = [];
        if (tags.Modality is { } modality && modality is not ("CR" or "DX" or "DR" or "RG" or "RF")) warnings.Add($"modality {modality}, not an X-ray");
        if (tags.BodyPart is { } part && !IsChest(part)) warnings.Add($"body part {part}, not the chest");
        if (tags.View is "LL" or "RL" or "LLD" or "RLD" or "LATERAL" or "LAT") warnings.Add($"view {tags.View}: taken from the side, not from the front");
        if (!tags.Photometric!.StartsWith("MONOCHROME", StringComparison.Ordinal)) warnings.Add($"in colour ({tags.Photometric}); its luminance is taken");
        if (tags.Frames > 1) warnings.Add($"{tags.Frames} frames; the first is taken");
        if (Math.Min(tags.Columns!.Value, tags.Rows!.Value) < DatasetManifest.Side) warnings.Add($"only {tags.Columns} x {tags.Rows} pixels");
        return warnings;

        static bool IsChest(string part) => ((string[])["CHEST", "THORAX", "LUNG", "RIB"]).Any(word => part.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static string ProgramFor(string? transferSyntax) => transferSyntax switch
    {
        null or "1.2.840.10008.1.2" or "1.2.840.10008.1.2.1" or "1.2.840.10008.1.2.1.99" or "1.2.840.10008.1.2.2" or "1.2.840.10008.1.2.5"
            or "1.2.840.10008.1.2.4.50" or "1.2.840.10008.1.2.4.51" or "1.2.840.10008.1.2.4.57" or "1.2.840.10008.1.2.4.70" => Dcmtk.Render,
        "1.2.840.10008.1.2.4.80" or "1.2.840.10008.1.2.4.81" => Dcmtk.RenderLossless,
        "1.2.840.10008.1.2.4.90" or "1.2.840.10008.1.2.4.91" => throw new InvalidDataException("The file's pixels are compressed with JPEG 2000, which is not read here."),
        _ => throw new InvalidDataException($"The file's pixels are compressed in a way that is not read here (transfer syntax {transferSyntax})."),
    };

    private static string? WhyNotDicom(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> head = stackalloc byte[HeadLength];
            var length = stream.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false);
            return length == 0 ? "is empty" : IsDicom(head[..length]) ? null : "is not a DICOM file: DICM does not follow its first 128 bytes";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "cannot be opened";
        }
    }

    private static (DicomTags?[] Tags, string Errors) Dump(List<string> files, CancellationToken cancellationToken)
    {
        // Without the pixels, the names of constants, and anything inside sequences; after the name of each file.
        var (_, output, errors) = Dcmtk.Run(Dcmtk.Dump, ["-M", "-Un", "+p", "+F", .. DicomTags.Asked.SelectMany(tag => (string[])["+P", tag]), .. files], 1 << 24, cancellationToken);
        var found = new Dictionary<string, string>?[files.Count];
        var current = -1;
        foreach (var line in Encoding.Latin1.GetString(output.Span).Split('\n'))
        {
            if (FileLine().Match(line) is { Success: true } file) current = int.Parse(file.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) - 1;
            else if (files.Count == 1 && current < 0) current = 0;
            if (current >= 0 && current < files.Count && TagLine().Match(line) is { Success: true } tag) (found[current] ??= [])[tag.Groups["tag"].Value] = tag.Groups["text"].Value.Trim();
        }
        return ([.. found.Select(values => values is null ? null : new DicomTags(values))], errors);
    }

    /// <param name="errors">What DCMTK said, perhaps of other files too.</param>
    private static string WhyNotRead(string errors, string file)
    {
        var all = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // A line that names a file ends with its path; a process that had one file may not name it at all.
        var own = all.Where(line => line.EndsWith(file, StringComparison.Ordinal)).ToList();
        var lines = own.Count > 0 ? own : all.Where(line => !line.Contains("reading file: ", StringComparison.Ordinal)).ToList();
        if (lines.Any(line => line.Contains("no pixel data", StringComparison.OrdinalIgnoreCase))) return "has no pixels";
        if (lines.Any(line => ((string[])["premature end", "End of stream", "Invalid stream"]).Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase))))
            return "is cut short: it ends before its pixels do";
        var last = lines.LastOrDefault(line => line.StartsWith("F:", StringComparison.Ordinal) || line.StartsWith("E:", StringComparison.Ordinal));
        return last is null ? "holds no pixels that can be read" : $"cannot be read: {last.TrimStart('F', 'E', ':', ' ').Replace(file, "the file", StringComparison.Ordinal)}";
    }

    private static string Sentence(string why) => $"The file {why}.";

    [GeneratedRegex(@"^# dcmdump \((\d+)/\d+\): ")]
    private static partial Regex FileLine();

    [GeneratedRegex(@"^\((?<tag>[0-9a-f]{4},[0-9a-f]{4})\) [A-Z]{2} (?:\[(?<text>.*)\]|(?<text>[^\[\(]\S*)) *# ")]
    private static partial Regex TagLine();
}
