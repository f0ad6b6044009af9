namespace Pneumothorax.Lab.Datasets.Viewing;

/// <summary>Data sets whose images are on one reader's page, as the pictures themselves tell; for the line that credits them.</summary>
public sealed class ShownSets
{
    private readonly Dictionary<object, DatasetManifest> _shown = [];

    /// <summary>Raised while a page is being drawn.</summary>
    public event Action? Changed;

    /// <summary>Each once, real X-rays first.</summary>
    public IReadOnlyList<DatasetManifest> Sets { get; private set; } = [];

    /// <param name="by">The picture.</param>
    /// <param name="set">Null: it shows none any more.</param>
    public void Show(object by, DatasetManifest? set)
    {
        if (set is null) _shown.Remove(by);
        else _shown[by] = set;
        IReadOnlyList<DatasetManifest> sets = [.. _shown.Values.DistinctBy(one => one.Name).OrderBy(one => one.Synthetic).ThenBy(one => one.Name, StringComparer.Ordinal)];
        if (sets.Select(Key).SequenceEqual(Sets.Select(Key))) return;
        Sets = sets;
        Changed?.Invoke();
    }

    private static (string, string) Key(DatasetManifest set) => (set.Name, set.CreditLine);
}
