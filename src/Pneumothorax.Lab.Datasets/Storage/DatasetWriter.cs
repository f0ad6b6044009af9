using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pneumothorax.Lab.Datasets.Storage;

/// <summary>
/// A data set being registered: a folder that no reader sees, renamed at the very end. Disposed without
/// <see cref="Complete"/> it is removed; if the process is killed instead, the next registration removes it.
/// </summary>
internal sealed class DatasetWriter : IDisposable
{
    private const string Prefix = ".new-";
    private const string LockName = "lock";

    private readonly DatasetStore _store;
    private readonly string _name;
    private readonly FileStream _lock;
    private readonly Dictionary<SplitName, (PixelHeader Pixels, SplitRows Rows)> _splits = [];
    private bool _completed;

    /// <exception cref="ArgumentException">The name breaks the rule, or is taken.</exception>
    public DatasetWriter(DatasetStore store, string name)
    {
        DatasetName.Check(name);
        (_store, _name) = (store, name);
        RefuseTakenName();
        Directory.CreateDirectory(store.Directory);
        Sweep(store.Directory);
        Folder = Path.Combine(store.Directory, $"{Prefix}{name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Folder);
        // The operating system drops this lock with the process, however that ends.
        _lock = new FileStream(Path.Combine(Folder, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    public string Folder { get; }

    public PixelCacheWriter Pixels(SplitName split) => new(SplitFiles.Pixels(Folder, split));

    public void Add(SplitName split, PixelHeader pixels, SplitRows rows)
    {
        rows.Write(SplitFiles.Rows(Folder, split));
        _splits[split] = (pixels, rows);
    }

    /// <returns>Images, positives and patients of every split, the validation split from held-out rows among them.</returns>
    public IReadOnlyList<SplitSummary> Summaries()
    {
        List<SplitSummary> summaries = [];
        foreach (var split in SplitNames.All)
        {
            if (_splits.TryGetValue(split, out var stored))
                summaries.Add(Summary(split, stored.Rows, [.. Enumerable.Range(0, stored.Rows.Count)]));
            else if (split == SplitName.Validation && _splits[SplitName.Train].Rows is { HeldOut.Count: > 0 } train)
                summaries.Add(Summary(split, train, train.HeldOut));
        }
        return summaries;
    }

    /// <returns>SHA-256 over pixels, labels and held-out rows of all splits, hexadecimal.</returns>
    public string ContentHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var split in SplitNames.All)
        {
            if (!_splits.TryGetValue(split, out var stored)) continue;
            hash.AppendData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{split.Word()} {stored.Rows.Count} {string.Join(',', stored.Rows.HeldOut)}\n")));
            hash.AppendData(stored.Pixels.Sha256.Span);
            hash.AppendData(stored.Rows.Labels);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Makes the data set visible, whole.</summary>
    public void Complete(DatasetManifest manifest)
    {
        using (var stream = new FileStream(Path.Combine(Folder, SplitFiles.Manifest), FileMode.CreateNew, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, manifest, StoreJson.Document);
            stream.Flush(flushToDisk: true);
        }
        RefuseTakenName();
        Directory.Move(Folder, _store.FolderOf(_name));
        _completed = true;
        _lock.Dispose();
        File.Delete(Path.Combine(_store.FolderOf(_name), LockName));
    }

    public void Dispose()
    {
        _lock.Dispose();
        if (!_completed) Directory.Delete(Folder, recursive: true);
    }

    private void RefuseTakenName()
    {
        var folder = _store.FolderOf(_name);
        if (Directory.Exists(folder))
            throw new ArgumentException($"A data set \"{_name}\" is already registered. Choose another name, or remove the folder {folder} first.");
    }

    private static SplitSummary Summary(SplitName split, SplitRows rows, IReadOnlyList<int> of)
    {
        var patients = rows.Column(AttributeNames.Patient) is { } column ? of.Select(row => column.Rows[row]).Distinct().Count(patient => patient >= 0) : (int?)null;
        return new(split, of.Count, of.Count(row => rows.Labels[row] == 1), patients);
    }

    /// <summary>Removes what killed registrations left; one that is still running holds its lock.</summary>
    private static void Sweep(string directory)
    {
        foreach (var folder in Directory.EnumerateDirectories(directory, Prefix + "*"))
        {
            try
            {
                var lockPath = Path.Combine(folder, LockName);
                if (File.Exists(lockPath)) new FileStream(lockPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                else if (Directory.EnumerateFileSystemEntries(folder).Any() is false) continue;     // another registration is between folder and lock
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }
        }
    }
}
