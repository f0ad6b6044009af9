using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Localization;

/// <summary>Mean of shares with the usual 95 % interval, mean ± 1.96 standard errors, cut at 0 and 1.</summary>
/// <param name="Low">Null for one image: a single one says nothing of how much others would differ.</param>
public readonly record struct MeanInterval(double Mean, double? Low, double? High)
{
    /// <param name="shares">0..1 each, at least one.</param>
    public static MeanInterval Of(IReadOnlyList<double> shares)
    {
        var mean = shares.Average();
        if (shares.Count < 2) return new(mean, null, null);

        var variance = shares.Sum(share => (share - mean) * (share - mean)) / (shares.Count - 1);
        var reach = NormalDistribution.Quantile95 * Math.Sqrt(variance / shares.Count);
        return new(mean, Math.Max(0, mean - reach), Math.Min(1, mean + reach));
    }
}
