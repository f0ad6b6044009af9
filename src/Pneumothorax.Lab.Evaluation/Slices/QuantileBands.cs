namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>Cuts numbers into bands of about as many images each: the cuts lie at quantiles, between neighbours by straight lines.</summary>
public static class QuantileBands
{
    /// <param name="values">Finite numbers, in any order.</param>
    /// <param name="bands">How many bands are wanted, 2 or more.</param>
    /// <returns>Rising cuts, none twice; a value belongs to the band above a cut that it equals. Fewer than asked for where many values are equal.</returns>
    /// <exception cref="ArgumentException">A value is not a finite number.</exception>
    public static IReadOnlyList<double> Cuts(IEnumerable<double> values, int bands)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bands, 2);
        double[] sorted = [.. values.Order()];
        if (sorted.Any(value => !double.IsFinite(value))) throw new ArgumentException("A value is not a finite number.");
        if (sorted.Length == 0) return [];

        List<double> cuts = [];
        for (var band = 1; band < bands; band++)
        {
            var cut = Quantile(sorted, (double)band / bands);
            // At or below the lowest value, nothing would lie under it.
            if (cut > sorted[0] && (cuts.Count == 0 || cut > cuts[^1])) cuts.Add(cut);
        }
        return cuts;
    }

    /// <returns>Band of a value, counted from 0.</returns>
    public static int BandOf(double value, IReadOnlyList<double> cuts)
    {
        var band = 0;
        while (band < cuts.Count && value >= cuts[band]) band++;
        return band;
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
