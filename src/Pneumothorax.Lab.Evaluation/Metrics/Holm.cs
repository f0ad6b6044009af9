namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Holm's correction: several tests at once have several chances to be wrong.</summary>
/// <remarks>Source: Holm, Scandinavian Journal of Statistics 6 (1979). Equals R's <c>p.adjust(p, "holm")</c>.</remarks>
public static class Holm
{
    /// <returns>In the order given; calling those under 0.05 different is wrong about any of them at most once in 20 such pages.</returns>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> chances)
    {
        var adjusted = new double[chances.Count];
        var highest = 0.0;
        foreach (var (index, rank) in Enumerable.Range(0, chances.Count).OrderBy(index => chances[index]).Select((index, rank) => (index, rank)))
        {
            highest = Math.Max(highest, Math.Min(1, chances[index] * (chances.Count - rank)));
            adjusted[index] = highest;
        }
        return adjusted;
    }
}
