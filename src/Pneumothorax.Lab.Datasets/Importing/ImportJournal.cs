using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>
/// An import under way, in a folder that no reader sees: the pixels so far, and a line for each image that was looked at. A process that was
/// killed leaves it; the next one with the same plan goes on from there.
/// </summary>
/// <remarks>Pixels are handed to the system before the line that counts them, so a line always has its pixels.</remarks>
internal sealed class ImportJournal : IDisposable
{
    private readonly FileStream _lock;
    private readonly StreamWriter _lines;
    private readonly Dictionary<SplitName, FileStream> _pixels = [];
    private readonly Dictionary<SplitName, List<string?>> _looked = [];
    private readonly Dictionary<SplitName, List<string?>> _notes = [];

    private ImportJournal(string folder, FileStream locked, string plan)
    {
        (Folder, _lock) = (folder, locked);
        Resumed = ReadLines(plan);
        _lines = new(new FileStream(LinesPath, FileMode.Open, FileAccess.Write, FileShare.Read)) { NewLine = "\n" };
        _lines.BaseStream.Seek(0, SeekOrigin.End);
    }

    public string Folder { get; }

    /// <summary>Images that an earlier process had looked at.</summary>
    public int Resumed { get; }

    private string LinesPath => Path.Combine(Folder, "journal");

    /// <exception cref="IOException">Another process imports under this name.</exception>
    public static ImportJournal Open(DatasetStore store, ImportPlan plan)
    {
        var folder = FolderOf(store, plan.Name);
        Directory.CreateDirectory(folder);
        return new(folder, Lock(folder, plan.Name), HashOf(plan));
    }

    /// <summary>Removes what an interrupted import has read; nothing where there is nothing.</summary>
    /// <exception cref="IOException">Another process imports under this name.</exception>
    public static void Discard(DatasetStore store, string name)
    {
        var folder = FolderOf(store, name);
        if (!Directory.Exists(folder)) return;
        Lock(folder, name).Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string FolderOf(DatasetStore store, string name) => Path.Combine(store.Directory, $".import-{name}");

    private static FileStream Lock(string folder, string name)
    {
        // The operating system drops this lock with the process, however that ends.
        try { return new(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException exception) { throw new IOException($"Another process is already importing \"{name}\".", exception); }
    }

    /// <returns>For each image of a split that was looked at, in the plan's order: null when it was taken, else why not.</returns>
    public IReadOnlyList<string?> Looked(SplitName split) => _looked[split];

    /// <returns>For each of the same images: what is amiss with it though it was taken; null for most.</returns>
    public IReadOnlyList<string?> Notes(SplitName split) => _notes[split];

    /// <summary>Adds what became of the next images of a split.</summary>
    public void Add(SplitName split, IEnumerable<(byte[]? Pixels, string? Why, string? Note)> images)
    {
        var stream = PixelsOf(split);
        var lines = new StringBuilder();
        foreach (var (pixels, why, note) in images)
        {
            if (pixels is not null) stream.Write(pixels);
            _looked[split].Add(why);
            _notes[split].Add(note);
            lines.Append(CultureInfo.InvariantCulture, $"{split.Word()} {why ?? Good + note}\n");
        }
        stream.Flush();
        _lines.Write(lines);
        _lines.Flush();
    }

    /// <returns>Index in the plan and pixels of each image that was taken so far; the same buffer each time.</returns>
    public IEnumerable<(int Index, byte[] Pixels)> Taken(SplitName split)
    {
        if (Count(split) == 0) yield break;

        using var stream = new FileStream(PathOf(split), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 20);
        stream.Seek(PixelHeader.Length, SeekOrigin.Begin);
        var pixels = new byte[DatasetManifest.Side * DatasetManifest.Side];
        for (var index = 0; index < _looked[split].Count; index++)
        {
            if (_looked[split][index] is not null) continue;
            stream.ReadExactly(pixels);
            yield return (index, pixels);
        }
    }

    /// <summary>Closes the pixels of a split: header and hash.</summary>
    public (string Path, PixelHeader Header) Complete(SplitName split)
    {
        PixelsOf(split).Dispose();
        var path = PathOf(split);
        return (path, PixelCacheWriter.Seal(path, Count(split)));
    }

    /// <summary>Removes the folder: the import is over.</summary>
    public void Delete()
    {
        Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public void Dispose()
    {
        foreach (var stream in _pixels.Values) stream.Dispose();
        _lines.Dispose();
        _lock.Dispose();
    }

    /// <summary>Begins the line of an image that was taken; a note may follow.</summary>
    private const string Good = "+";

    private int Count(SplitName split) => _looked[split].Count(why => why is null);

    private string PathOf(SplitName split) => Path.Combine(Folder, $"{split.Word()}.pixels");

    private FileStream PixelsOf(SplitName split)
    {
        if (_pixels.TryGetValue(split, out var open)) return open;

        var stream = _pixels[split] = new(PathOf(split), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        // Pixels beyond the last line were never counted.
        stream.SetLength(PixelHeader.Length + (long)Count(split) * DatasetManifest.Side * DatasetManifest.Side);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    /// <summary>Keeps the whole lines of the same plan, or begins anew.</summary>
    private int ReadLines(string plan)
    {
        foreach (var split in SplitNames.All) (_looked[split], _notes[split]) = ([], []);
        var head = $"plan {plan}\n";
        var text = File.Exists(LinesPath) ? File.ReadAllText(LinesPath) : "";
        if (!text.StartsWith(head, StringComparison.Ordinal))
        {
            foreach (var split in SplitNames.All) File.Delete(PathOf(split));
            File.WriteAllText(LinesPath, head);
            return 0;
        }
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        foreach (var line in whole.Split('\n').Skip(1).Where(line => line.Length > 0))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (split, words) = (SplitNames.Parse(line[..space])!.Value, line[(space + 1)..]);
            var isGood = words.StartsWith(Good, StringComparison.Ordinal);
            _looked[split].Add(isGood ? null : words);
            _notes[split].Add(isGood && words.Length > Good.Length ? words[Good.Length..] : null);
        }
        foreach (var split in SplitNames.All)
        {
            // After a power cut the disk may know less than the journal.
            if (new FileInfo(PathOf(split)) is { Exists: true } file && file.Length >= PixelHeader.Length + (long)Count(split) * DatasetManifest.Side * DatasetManifest.Side) continue;
            if (Count(split) > 0) return Forget(head);
        }
        if (whole.Length < text.Length) File.WriteAllText(LinesPath, whole);
        return _looked.Values.Sum(looked => looked.Count);
    }

    private int Forget(string head)
    {
        foreach (var split in SplitNames.All)
        {
            _looked[split].Clear();
            _notes[split].Clear();
            File.Delete(PathOf(split));
        }
        File.WriteAllText(LinesPath, head);
        return 0;
    }

    private static string HashOf(ImportPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (split, items) in ((SplitName, IReadOnlyList<ImportItem>)[])[(SplitName.Train, plan.Train), (SplitName.Test, plan.Test)])
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{split.Word()}\n"));
            foreach (var item in items)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{item.Path}\n{item.HasPneumothorax}\n{item.Box}\n"));
                hash.AppendData(item.Mask ?? []);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
