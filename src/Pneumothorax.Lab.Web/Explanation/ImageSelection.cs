using Pneumothorax.Lab.Evaluation;

namespace Pneumothorax.Lab.Web.Explanation;

/// <summary>The test images that the reader goes through: all of them, or those with one outcome at one threshold.</summary>
/// <param name="Indices">In file order; may be empty.</param>
public sealed record ImageSelection(Outcome? Outcome, IReadOnlyList<int> Indices)
{
    /// <param name="among">Only these; null for all.</param>
    public static ImageSelection Of(ScoredImages images, Outcome? outcome, double threshold, IEnumerable<int>? among = null) => new(
        outcome, among is null ? images.Images(outcome, threshold) : [.. among.Where(index => outcome is null || images.OutcomeOf(index, threshold) == outcome).Order()]);

    public bool IsEmpty => Indices.Count == 0;

    /// <returns>The selected image nearest to an index, the earlier of two; null when there is none.</returns>
    public int? Nearest(int index)
    {
        if (IsEmpty) return null;
        var after = FirstFrom(index);
        if (after == Indices.Count) return Indices[^1];
        return after == 0 || Indices[after] - index < index - Indices[after - 1] ? Indices[after] : Indices[after - 1];
    }

    /// <returns>Position of an image in the selection, counted from 0; -1 when it is not in it.</returns>
    public int PositionOf(int index) => FirstFrom(index) is var place && place < Indices.Count && Indices[place] == index ? place : -1;

    /// <returns>The image some places further; the first or last one at the ends.</returns>
    public int Step(int index, int places) => Indices[Math.Clamp(Math.Max(PositionOf(index), 0) + places, 0, Indices.Count - 1)];

    /// <returns>A row of up to so many images around an index, in order.</returns>
    public IReadOnlyList<int> Around(int index, int most)
    {
        var first = Math.Clamp(Math.Max(PositionOf(index), 0) - most / 3, 0, Math.Max(0, Indices.Count - most));
        return [.. Indices.Skip(first).Take(most)];
    }

    /// <returns>Position of the first image at or after an index; their number when there is none.</returns>
    private int FirstFrom(int index)
    {
        int low = 0, high = Indices.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Indices[middle] < index) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
