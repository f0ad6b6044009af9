using System.Text;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>
/// DICOM files as grey pictures, read by the programs of DCMTK. A file that is no picture of a chest comes with warnings; one that cannot be
/// read is refused in a line.
/// </summary>
public static partial class DicomReader
{
    /// <summary>A file begins with so many bytes of anything, then <c>DICM</c>.</summary>
    public const int HeadLength = 132;

    internal const string StreamCutShort = "is cut short: the JPEG picture in it ends before it is complete";

    /// <summary>One process starts in some 40 milliseconds and reads a header in one or two.</summary>
    private const int FilesAProcess = 100;

    /// <param name="head">The first <see cref="HeadLength"/> bytes of a file.</param>
    public static bool IsDicom(ReadOnlySpan<byte> head) => head.Length >= HeadLength && head.Slice(128, 4).SequenceEqual("DICM"u8);

    /// <summary>The first frame as a person would see it: through the file's own window of grey values if it has one, else over the full range.</summary>
    /// <exception cref="InvalidDataException">It cannot be read; the message is one line of what is wrong, without the path.</exception>
    public static Task<DicomPicture> ReadAsync(string path, CancellationToken cancellationToken = default) => Task.Run(() => Read(path, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ReadAsync"/>
    public static DicomPicture Read(string path, CancellationToken cancellationToken = default) => Read(path, checkSize: null, cancellationToken);

    /// <inheritdoc cref="ReadAsync"/>
    /// <param name="checkSize">Throws for a width and height that are refused, before anything is decoded.</param>
    internal static DicomPicture Read(string path, Action<int, int>? checkSize, CancellationToken cancellationToken = default)
    {
        var (tags, why) = ReadTags([path], progress: null, cancellationToken)[0];
        return tags is not null ? new DicomRendering(path, tags, cancellationToken).Render(checkSize) : throw new InvalidDataException(Sentence(why!));
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
                if (WhyNotOpened(paths[index]) is { } why) read[index] = (null, why);
                else readable.Add(index);
            }
            if (readable.Count == 0) return;

            var files = readable.Select(index => Path.GetFullPath(paths[index])).ToList();
            (DicomTags?[] Tags, string Errors) dumped;
            try
            {
                dumped = Dump(files, cancellationToken);
            }
            catch (InvalidDataException exception)
            {
                // One that takes for ever must not take the others with it.
                if (readable is [var only]) read[only] = (null, exception.Message);
                else foreach (var index in readable) ReadChunk([index]);
                return;
            }
            var (tags, errors) = dumped;
            foreach (var (place, index) in readable.Index())
                read[index] = tags[place] is { } known ? (known, null) : (null, WhyNotRead(errors, files[place]));
        }
    }

    /// <returns>Why a file must not come before DCMTK, which unpacks whatever it is told to; null for all others.</returns>
    private static string? WhyNotOpened(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> head = stackalloc byte[HeadLength];
            var length = stream.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false);
            if (length == 0) return "is empty";
            if (!IsDicom(head[..length])) return "is not a DICOM file: DICM does not follow its first 128 bytes";
            return DicomLayout.Of(path) is { MustNotBeOpened: true } layout ? layout.Why : null;
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

    /// <summary>Our own walk over the elements knows best; then what DCMTK said.</summary>
    /// <param name="errors">Perhaps of other files too.</param>
    internal static string WhyNotRead(string errors, string file)
    {
        var layout = DicomLayout.Of(file);
        if (layout.Why is { } why) return why;
        if (layout.IsStreamWhole == false) return StreamCutShort;

        var all = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // A line that names a file ends with its path; a process that had one file may not name it at all.
        var own = all.Where(line => line.EndsWith(file, StringComparison.Ordinal)).ToList();
        var lines = own.Count > 0 ? own : all.Where(line => !line.Contains("reading file: ", StringComparison.Ordinal)).ToList();
        if (lines.Any(line => line.Contains("no pixel data", StringComparison.OrdinalIgnoreCase))) return "has no pixels";
        if (lines.Any(line => ((string[])["premature end", "End of stream", "Invalid stream"]).Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase))))
            return "is cut short: it ends before its pixels do";
        var last = lines.LastOrDefault(line => line.StartsWith("F:", StringComparison.Ordinal) || line.StartsWith("E:", StringComparison.Ordinal));
        return last is null ? "has no pixels that can be read" : $"cannot be read: {last.TrimStart('F', 'E', ':', ' ').Replace(file, "the file", StringComparison.Ordinal)}";
    }

    internal static string Sentence(string why) => $"The file {why}.";

    [GeneratedRegex(@"^# dcmdump \((\d+)/\d+\): ")]
    private static partial Regex FileLine();

    [GeneratedRegex(@"^\((?<tag>[0-9a-f]{4},[0-9a-f]{4})\) [A-Za-z]{2} (?:\[(?<text>.*)\]|\((?<text>Sequence) with [^)]*#=[1-9]\d*\)|(?<text>[^\[\(]\S*)) *# ")]
    private static partial Regex TagLine();
}
