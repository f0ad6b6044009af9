namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>95 % interval of a share, such as an accuracy or a sensitivity. Honest at 0 and at 1, where the textbook one has no width.</summary>
/// <remarks>Source: Wilson, Journal of the American Statistical Association 22 (1927).</remarks>
public readonly record struct WilsonInterval(double Low, double High)
{
    private const double Quantile95 = NormalDistribution.Quantile95;

    /// <returns>Both ends in 0..1; null when the total is 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or successes outside 0..total.</exception>
    public static WilsonInterval? Of(int successes, int total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, total);
        if (total == 0) return null;

        double share = (double)successes / total, z2 = Quantile95 * Quantile95;
        var centre = (share + z2 / (2 * total)) / (1 + z2 / total);
        var half = Quantile95 / (1 + z2 / total) * Math.Sqrt(share * (1 - share) / total + z2 / (4.0 * total * total));

        // At the ends the two terms cancel exactly; floating point misses by a hair.
        return new(successes == 0 ? 0 : centre - half, successes == total ? 1 : centre + half);
    }
}
