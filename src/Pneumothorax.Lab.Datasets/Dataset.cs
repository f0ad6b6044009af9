using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets;

/// <summary>An open data set: every image of every split at the cost of a memory access. Safe for many readers at once.</summary>
public sealed class Dataset
{
    private readonly Dictionary<SplitName, ImageSplit> _splits;
    private readonly List<PixelCache> _caches;

    private Dataset(DatasetManifest manifest, Dictionary<SplitName, ImageSplit> splits, List<PixelCache> caches) =>
        (Manifest, _splits, _caches) = (manifest, splits, caches);

    public DatasetManifest Manifest { get; }

    /// <exception cref="ArgumentException">The data set has no such split; <see cref="Has"/> tells beforehand.</exception>
    public ImageSplit this[SplitName split] =>
        _splits.TryGetValue(split, out var images)
            ? images
            : throw new ArgumentException($"Data set \"{Manifest.Name}\" has no {split.Word()} split.");

    public bool Has(SplitName split) => _splits.ContainsKey(split);

    internal static Dataset Open(string folder, DatasetManifest manifest)
    {
        Dictionary<SplitName, ImageSplit> splits = [];
        List<PixelCache> caches = [];
        try
        {
            foreach (var split in SplitNames.All)
            {
                if (!File.Exists(SplitFiles.Pixels(folder, split))) continue;

                var cache = PixelCache.Open(SplitFiles.Pixels(folder, split));
                caches.Add(cache);
                var rows = SplitRows.Read(SplitFiles.Rows(folder, split));
                if (rows.Count != cache.Count)
                    throw new InvalidDataException($"{SplitFiles.Rows(folder, split)} describes {rows.Count} images, but the data set has {cache.Count}.");
                splits[split] = new(cache, rows);
            }
            foreach (var needed in (SplitName[])[SplitName.Train, SplitName.Test])
            {
                if (!splits.ContainsKey(needed)) throw new InvalidDataException($"{SplitFiles.Pixels(folder, needed)} is missing.");
            }
            if (!splits.ContainsKey(SplitName.Validation) && splits[SplitName.Train].HeldOutRows is { Count: > 0 } heldOut)
            {
                splits[SplitName.Validation] = splits[SplitName.Train].View(heldOut);
            }
            return new(manifest, splits, caches);
        }
        catch
        {
            caches.ForEach(cache => cache.Dispose());
            throw;
        }
    }

    internal void Close() => _caches.ForEach(cache => cache.Dispose());
}
