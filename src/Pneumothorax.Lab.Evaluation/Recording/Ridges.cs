using System.Globalization;
using System.Text;
using Pneumothorax.Lab.Experiments.Recording;

namespace Pneumothorax.Lab.Evaluation.Recording;

/// <summary>Distributions over time as ridges: one outline a moment, the first at the back, all over the same values and on one scale.</summary>
/// <param name="Low">Value at the left edge.</param>
/// <param name="High">Value at the right edge. Between them lie nine tenths of each moment's values, with some room; far outliers would squeeze the rest.</param>
/// <param name="Outlines">SVG paths in a picture of 100 x <see cref="Height"/>, closed along their own ground line.</param>
public sealed record Ridges(double Low, double High, IReadOnlyList<string> Outlines)
{
    /// <summary>From one ground line to the next.</summary>
    public const int Row = 20;

    /// <summary>Room above the first ground line: the highest peak of all.</summary>
    public const int Peak = 64;

    private const int Cells = 56;
    private const double Outermost = 0.05;
    private const double Room = 0.15;

    public int Height => Peak + Row * (Outlines.Count - 1) + 2;

    /// <summary>Where 0 lies, 0..100; null when it is out of sight.</summary>
    public double? Zero => Low < 0 && High > 0 ? -100 * Low / (High - Low) : null;

    /// <param name="spreads">In order; null for a moment without.</param>
    public static Ridges? Of(IReadOnlyList<Spread?> spreads)
    {
        var there = spreads.OfType<Spread>().ToList();
        if (there.Count == 0) return null;

        var (low, high) = (there.Min(spread => spread.ValueAt(Outermost)), there.Max(spread => spread.ValueAt(1 - Outermost)));
        (low, high) = (low - Room * (high - low), high + Room * (high - low));
        if (high <= low) (low, high) = (low - 1, low + 1);        // all values are the same
        var cells = spreads.Select(spread => spread is null ? null : Shares(spread, low, high)).ToList();
        var most = cells.OfType<double[]>().Max(shares => shares.Max());
        return new(low, high, [.. cells.Select((shares, row) => shares is null ? "" : Outline(shares, most, Peak + Row * row))]);
    }

    /// <returns>The share of the values in each of some equally wide cells.</returns>
    private static double[] Shares(Spread spread, double low, double high)
    {
        var width = (high - low) / Cells;
        return [.. Enumerable.Range(0, Cells).Select(cell => spread.ShareUpTo(low + (cell + 1) * width) - spread.ShareUpTo(low + cell * width))];
    }

    private static string Outline(double[] shares, double most, int ground)
    {
        var path = new StringBuilder();
        path.Append(CultureInfo.InvariantCulture, $"M0 {ground}");
        for (var cell = 0; cell < shares.Length; cell++)
            path.Append(CultureInfo.InvariantCulture, $"L{(cell + 0.5) * 100 / Cells:0.##} {ground - (most > 0 ? shares[cell] / most * (Peak - 4) : 0):0.#}");
        path.Append(CultureInfo.InvariantCulture, $"L100 {ground}");
        return path.ToString();
    }
}
