namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>What the intervals and tests here need of the normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Two-sided 95 % quantile.</summary>
    public const double Quantile95 = 1.959963984540054;

    /// <summary>Chance of a standard normal value at least as far from 0, on either side: erfc(|z| / √2).</summary>
    public static double TwoSided(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        return x < 2.5 ? 1 - SeriesOfErf(x) : FractionOfErfc(x);
    }

    /// <summary>2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · 5 … (2n+1)): only positive terms, so nothing cancels.</summary>
    private static double SeriesOfErf(double x)
    {
        double term = x, sum = x;
        for (var n = 1; term > 1e-17 * sum; n++) sum += term *= 2 * x * x / (2 * n + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>e^(-x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))); from 2.5 on, 60 levels are more than a double can tell.</summary>
    private static double FractionOfErfc(double x)
    {
        var below = x;
        for (var level = 60; level >= 1; level--) below = x + level / 2.0 / below;
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / below;
    }
}
