namespace Pneumothorax.Lab.Datasets;

/// <summary>The images that a reader goes through, by their INDEX, ascending; there may be none.</summary>
public sealed record ImageSelection(IReadOnlyList<int> Indices)
{
    /// <summary>Those that <see cref="Move(int, string)"/> understands, as a page says which keys it takes.</summary>
    public const string Keys = "ArrowLeft ArrowRight PageUp PageDown Home End";

    /// <summary>What PageUp goes on by, and PageDown goes back by, as on a slider.</summary>
    public const int Page = 10;

    public bool IsEmpty => Indices.Count == 0;

    /// <param name="lets">Whether an image belongs to the selection.</param>
    public static ImageSelection Of(int count, Func<int, bool> lets) => new([.. Enumerable.Range(0, count).Where(lets)]);

    /// <returns>The selected image nearest to an index, the earlier of two; null when there is none.</returns>
    public int? Nearest(int index)
    {
        if (IsEmpty) return null;
        var (below, above) = Neighbours(index);
        return index - (long)below <= above - (long)index ? below : above;
    }

    /// <returns>Where a step or a jump ends: INDEX counts all images, so it may point at one that is left out.</returns>
    /// <param name="wanted">The INDEX asked for.</param>
    /// <param name="from">The one shown now: a small step goes on in its direction until something matches.</param>
    public int Settle(int wanted, int from)
    {
        if (IsEmpty) return from;
        var (below, above) = Neighbours(wanted);
        return Math.Abs(wanted - from) != 1 ? Nearest(wanted)!.Value : wanted > from ? above : below;
    }

    /// <returns>The image some places further in the selection, stopping at its ends.</returns>
    public int Move(int from, int places) =>
        IsEmpty ? from : Indices[Math.Clamp(Lower(from) + places, 0, Indices.Count - 1)];

    /// <returns>Where a key leads; null for a key that does not lead to another image.</returns>
    public int? Move(int from, string key) => key switch
    {
        "ArrowLeft" => Move(from, -1),
        "ArrowRight" => Move(from, 1),
        "PageUp" => Move(from, Page),
        "PageDown" => Move(from, -Page),
        "Home" => Move(from, -Indices.Count),
        "End" => Move(from, Indices.Count),
        _ => null,
    };

    /// <returns>A row of up to so many images around an index, in order; it stands third of six where it can.</returns>
    public IReadOnlyList<int> Around(int index, int count)
    {
        var start = Math.Clamp(Lower(index) - count / 3, 0, Math.Max(0, Indices.Count - count));
        return [.. Indices.Skip(start).Take(count)];
    }

    /// <returns>The image itself twice where it is selected; else those before and behind it, the end of the selection where there is none.</returns>
    private (int Below, int Above) Neighbours(int index)
    {
        var at = Lower(index);
        if (at < Indices.Count && Indices[at] == index) return (index, index);
        return (Indices[Math.Max(at - 1, 0)], Indices[Math.Min(at, Indices.Count - 1)]);
    }

    /// <returns>Place of the first index that is not below <paramref name="index"/>.</returns>
    private int Lower(int index)
    {
        var (low, high) = (0, Indices.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Indices[middle] < index) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
