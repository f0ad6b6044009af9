namespace Pneumothorax.Lab.Experiments.Recording;

/// <summary>After which steps a run records: 0, 1, 2, 5, 10, 20, 50 and so on up to a tenth of it, then every tenth.</summary>
/// <remarks>Dense at first, where most changes, and never more than 26 however long the run is, so that a recording stays small.</remarks>
public static class RecordedSteps
{
    private const int Parts = 10;

    /// <param name="steps">The run's last step.</param>
    /// <returns>Rising; the last step is always among them.</returns>
    public static IReadOnlyList<int> Of(int steps)
    {
        var recorded = new SortedSet<int> { 0 };
        for (long power = 1; power * Parts < steps; power *= 10)
        {
            foreach (var digit in new[] { 1, 2, 5 })
            {
                if (digit * power * Parts < steps) recorded.Add((int)(digit * power));
            }
        }
        for (var part = 1; part <= Parts; part++) recorded.Add((int)((long)steps * part / Parts));
        return [.. recorded];
    }
}
