using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Viewing;

namespace Pneumothorax.Lab.Web.Dataset;

/// <summary>The images of one split that a filter lets through, by their INDEX, ascending.</summary>
public sealed record ImageSelection(IReadOnlyList<int> Indices)
{
    public static ImageSelection Of(ImageSplit split, LabelFilter filter) =>
        new([.. Enumerable.Range(0, split.Count).Where(index => filter.Lets(split.HasPneumothorax(index)))]);

    /// <returns>Where a step or a jump ends: INDEX counts all images, so it may point at one that the filter leaves out.</returns>
    /// <param name="wanted">The INDEX asked for.</param>
    /// <param name="from">The one shown now: a small step goes on in its direction until something matches.</param>
    public int Settle(int wanted, int from)
    {
        if (Indices.Count == 0) return from;
        var at = Lower(wanted);
        if (at < Indices.Count && Indices[at] == wanted) return wanted;

        var below = at > 0 ? Indices[at - 1] : Indices[0];
        var above = at < Indices.Count ? Indices[at] : Indices[^1];
        if (Math.Abs(wanted - from) == 1) return wanted > from ? above : below;
        return wanted - below <= above - wanted ? below : above;
    }

    /// <returns>The image some places further in the selection, stopping at its ends.</returns>
    public int Move(int from, int places) =>
        Indices.Count == 0 ? from : Indices[Math.Clamp(Lower(from) + places, 0, Indices.Count - 1)];

    /// <returns>At most <paramref name="count"/> neighbours including the image itself, which stands third where it can.</returns>
    public IReadOnlyList<int> Around(int index, int count)
    {
        var start = Math.Clamp(Lower(index) - 2, 0, Math.Max(0, Indices.Count - count));
        return [.. Indices.Skip(start).Take(count)];
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
