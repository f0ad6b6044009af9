using Pneumothorax.Lab.Datasets.Storage;

namespace Pneumothorax.Lab.Datasets.Registration;

/// <summary>Chooses the rows of the train split that no gradient step sees: a fifth, the same ones for every run.</summary>
internal static class ValidationSplit
{
    public const double Share = 0.2;
    private const ulong Seed = 20_180_709;

    /// <param name="labels">0 or 1 a row.</param>
    /// <param name="patients">Patient a row, or null; a row without one counts as a patient of its own.</param>
    /// <returns>The rows, ascending, and how they were chosen, in words. Each class keeps its share as nearly as whole patients allow.</returns>
    public static (IReadOnlyList<int> Rows, string Rule) Choose(byte[] labels, AttributeColumn? patients)
    {
        var random = new SeededRandom(Seed);
        var byPatient = patients is not null && patients.Rows.Where(patient => patient >= 0).Distinct().Count() >= 2;
        var groups = Enumerable.Range(0, labels.Length)
            .GroupBy(row => byPatient && patients!.Rows[row] >= 0 ? patients.Rows[row] : -1 - row)
            .Select(rows => rows.ToArray())
            .ToList();
        random.Shuffle(groups);

        var positives = labels.Count(label => label == 1);
        var withPositives = groups.Where(rows => rows.Any(row => labels[row] == 1)).ToList();
        var without = groups.Where(rows => rows.All(row => labels[row] == 0)).ToList();

        List<int> held = [.. Take(withPositives, positives, rows => rows.Count(row => labels[row] == 1))];
        var negatives = labels.Length - positives;
        var heldNegatives = held.Count(row => labels[row] == 0);
        held.AddRange(Take(without, negatives, rows => rows.Length, heldNegatives));
        held.Sort();
        return (held, held.Count == 0
            ? "None: there are too few train images."
            : byPatient ? "A fifth of the train images, by patient, chosen at registration." : "A fifth of the train images, with the same share of positives, chosen at registration.");
    }

    /// <summary>Takes groups in order until a fifth of the total is reached, passing over those that would overshoot.</summary>
    private static IEnumerable<int> Take(List<int[]> groups, int total, Func<int[], int> size, int already = 0)
    {
        if (groups.Count < 2) return [];

        var target = Math.Max(1, (int)Math.Round(total * Share)) - already;
        List<int[]> taken = [];
        var held = 0;
        foreach (var group in groups)
        {
            if (held >= target || taken.Count == groups.Count - 1) break;
            if (held + size(group) > target) continue;
            taken.Add(group);
            held += size(group);
        }
        // Every patient has more images than a fifth: the smallest is nearest.
        if (held == 0 && already == 0) taken.Add(groups.MinBy(size)!);
        return taken.SelectMany(rows => rows);
    }
}
