using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>One scale for all areas of a figure: from a tenth below the lowest interval up to 1.</summary>
public sealed record AreaAxis(double From)
{
    public static AreaAxis Of(IEnumerable<AurocResult> areas)
    {
        var lowest = areas.Select(area => area.Low ?? area.Value).OfType<double>().DefaultIfEmpty(0.5).Min();
        // Half of it is guessing, and belongs into the picture where it is near.
        return new(Math.Clamp(Math.Floor(10 * lowest + 1e-9) / 10, 0, 0.9));
    }

    public IReadOnlyList<double> Ticks
    {
        get
        {
            var step = 1 - From > 0.55 ? 0.2 : 1 - From > 0.25 ? 0.1 : 0.05;
            // From 1 down, so that 1 has a tick.
            return [.. Enumerable.Range(0, 12).Select(i => Math.Round(1 - i * step, 2)).Where(tick => tick >= From - 1e-9).Reverse()];
        }
    }

    /// <returns>In percent of the axis, 0..100.</returns>
    public double Place(double area) => Math.Round(100 * Math.Clamp((area - From) / (1 - From), 0, 1), 2);
}
