using System.Collections.Concurrent;
using System.Text.Json;
using Pneumothorax.Lab.Datasets.Importing;
using Pneumothorax.Lab.Datasets.Storage;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Datasets;

/// <summary>
/// The registered data sets below one folder, a folder each. A registration becomes visible with its last rename, so what is
/// listed is complete.
/// </summary>
public sealed class DatasetStore(string datasetsDirectory) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTime Written, Dataset Dataset)> _open = [];
    private readonly List<Dataset> _replaced = [];
    private readonly ConcurrentDictionary<string, (DateTime Written, long Length, DatasetManifest Manifest)> _manifests = [];
    private bool _disposed;

    public string Directory { get; } = Path.GetFullPath(datasetsDirectory);

    /// <returns>Complete data sets by name. A folder that is damaged or still being written is left out.</returns>
    public IReadOnlyList<DatasetManifest> List() =>
        System.IO.Directory.Exists(Directory)
            ? [.. from folder in System.IO.Directory.EnumerateDirectories(Directory)
                  let manifest = Find(Path.GetFileName(folder))
                  where manifest is not null
                  orderby manifest.Name
                  select manifest]
            : [];

    /// <returns>Those of <see cref="List"/> that new runs may use, by name.</returns>
    public IReadOnlyList<DatasetManifest> Offered() => [.. List().Where(manifest => !IsRetired(manifest.Name))];

    /// <summary>A retired data set stays for the results that were made with it, and is offered to nobody.</summary>
    public bool IsRetired(string name) => File.Exists(RetiredPath(name));

    /// <param name="retired">False offers it again.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public void Retire(string name, bool retired)
    {
        if (retired) File.WriteAllBytes(RetiredPath(name), []);
        else File.Delete(RetiredPath(name));
    }

    /// <summary>Writes anew what people say of a data set; what a run depends on stays.</summary>
    /// <exception cref="ArgumentException">There is no such data set, or a text is not one line, too long, or empty where one is needed.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public DatasetManifest Describe(string name, DatasetDescription description)
    {
        var manifest = Find(name) ?? throw new ArgumentException($"There is no data set \"{name}\".");
        var described = description.Of(manifest);
        // Whole or not at all: a manifest cut short would make the data set vanish.
        AtomicFile.WriteText(ManifestPath(name), JsonSerializer.Serialize(described, StoreJson.Document));
        return described;
    }

    /// <returns>Path of the list of images that its import left out, or took with something amiss; null where it came otherwise.</returns>
    public string? ImportReportOf(string name) =>
        DatasetName.IsValid(name) && Path.Combine(FolderOf(name), ImportReport.FileName) is var path && File.Exists(path) ? path : null;

    /// <summary>Gives up an import that was interrupted: what it has read is removed.</summary>
    /// <exception cref="IOException">It is under way.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be removed.</exception>
    public void DiscardImport(string name)
    {
        DatasetName.Check(name);
        ImportJournal.Discard(this, name);
    }

    /// <returns>Bytes of its folder.</returns>
    public long SizeOf(string name) => new DirectoryInfo(FolderOf(name)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <returns>Null where no complete data set has this name.</returns>
    public DatasetManifest? Find(string name)
    {
        if (!DatasetName.IsValid(name)) return null;
        try { return ReadManifest(name); }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException) { return null; }
    }

    /// <summary>Opens a data set, or returns the open one. It stays open, shared by all callers, until the store is disposed.</summary>
    /// <exception cref="InvalidDataException">There is no such data set, or it is damaged; the message says what to do.</exception>
    public Dataset Open(string name)
    {
        if (!DatasetName.IsValid(name) || !File.Exists(ManifestPath(name))) throw new InvalidDataException(Absent(name));

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var written = File.GetLastWriteTimeUtc(ManifestPath(name));
            if (_open.TryGetValue(name, out var known))
            {
                if (known.Written == written) return known.Dataset;
                _replaced.Add(known.Dataset);       // removed and registered anew meanwhile; readers may still hold the old one
            }
            try
            {
                var dataset = Dataset.Open(FolderOf(name), ReadManifest(name));
                _open[name] = (written, dataset);
                return dataset;
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new InvalidDataException($"Data set \"{name}\" is damaged: {exception.Message} Remove {FolderOf(name)} and register it again.", exception);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (var dataset in _open.Values.Select(open => open.Dataset).Concat(_replaced)) dataset.Close();
        }
    }

    internal string FolderOf(string name) => Path.Combine(Directory, name);

    private string RetiredPath(string name) => Path.Combine(FolderOf(name), "retired");

    private string ManifestPath(string name) => Path.Combine(FolderOf(name), SplitFiles.Manifest);

    /// <summary>Read anew when the file is another one: each picture asks for a manifest.</summary>
    private DatasetManifest ReadManifest(string name)
    {
        var path = ManifestPath(name);
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            _manifests.TryRemove(name, out _);
            throw new FileNotFoundException($"{path} is missing.", path);
        }
        if (_manifests.TryGetValue(name, out var known) && known.Written == file.LastWriteTimeUtc && known.Length == file.Length) return known.Manifest;

        DatasetManifest? manifest;
        try { manifest = JsonSerializer.Deserialize<DatasetManifest>(File.ReadAllText(path), StoreJson.Document); }
        catch (JsonException exception) { throw new InvalidDataException($"{path} cannot be read: {exception.Message}", exception); }

        if (manifest is null || manifest.Name != name) throw new InvalidDataException($"{path} describes another data set.");
        if (manifest.Format != DatasetManifest.CurrentFormat || manifest.ImageSize != DatasetManifest.Side)
            throw new InvalidDataException($"{path} has format {manifest.Format}, which this version cannot read.");
        _manifests[name] = (file.LastWriteTimeUtc, file.Length, manifest);
        return manifest;
    }

    private string Absent(string name)
    {
        var names = List().Select(manifest => manifest.Name).ToList();
        var there = names.Count == 0 ? "none is registered yet" : $"registered are: {string.Join(", ", names)}";
        return $"There is no data set \"{name}\"; {there}. Register one with: lab data add NAME --train FILE --test FILE.";
    }
}
