namespace Pneumothorax.Lab.Cli.Commands.Bench;

internal static class Median
{
    /// <returns>Null where every figure is.</returns>
    public static double? Of(IEnumerable<double?> figures)
    {
        var sorted = figures.OfType<double>().Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
