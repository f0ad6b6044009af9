namespace Pneumothorax.Lab.Experiments.Recording;

/// <summary>How values are spread: a histogram whose bins hold the same share of them each, so that it is fine where the values are.</summary>
/// <remarks>Bins of equal width would put nearly all gradients into two of them: a few are fifty times as large as most.</remarks>
/// <param name="Count">How many values there were.</param>
/// <param name="Edges">Rising: lowest value, ..., median, ..., highest value. Between two neighbours lies 1 / <see cref="Bins"/> of the values.</param>
public sealed record Spread(long Count, double Mean, double Deviation, float[] Edges)
{
    /// <summary>Bins of what the lab records.</summary>
    public const int Bins = 30;

    /// <summary>Share of the values up to this one, 0..1, taken as even between two edges.</summary>
    public double ShareUpTo(double value)
    {
        if (value >= Edges[^1]) return 1;
        if (value < Edges[0]) return 0;

        var above = 1;
        while (Edges[above] <= value) above++;
        return (above - 1 + (value - Edges[above - 1]) / (Edges[above] - Edges[above - 1])) / (Edges.Length - 1);
    }

    /// <summary>The value below which this share lies; even between two edges.</summary>
    /// <param name="share">0..1.</param>
    public double ValueAt(double share)
    {
        var place = share * (Edges.Length - 1);
        var below = Math.Min((int)place, Edges.Length - 2);
        return Edges[below] + (place - below) * (Edges[below + 1] - Edges[below]);
    }
}
