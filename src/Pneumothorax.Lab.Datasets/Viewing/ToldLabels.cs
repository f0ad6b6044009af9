namespace Pneumothorax.Lab.Datasets.Viewing;

/// <summary>The images whose label a page has told in this visit: whoever has read it guesses no more.</summary>
/// <remarks>One for each visitor's circuit, so it outlives a change of page.</remarks>
public sealed class ToldLabels
{
    private readonly HashSet<(string Set, SplitName Split, int Index)> _told = [];

    public void Add(Datasets.Dataset set, SplitName split, int index) => _told.Add((set.Manifest.Hash, split, index));

    public bool Has(Datasets.Dataset set, SplitName split, int index) => _told.Contains((set.Manifest.Hash, split, index));

    /// <returns>The first image from an index on, and round again from the beginning, whose label was not told; null where all were.</returns>
    public int? NextUntold(Datasets.Dataset set, SplitName split, int from)
    {
        var count = set[split].Count;
        for (var step = 0; step < count; step++)
        {
            if ((from + step) % count is var index && !Has(set, split, index)) return index;
        }
        return null;
    }
}
