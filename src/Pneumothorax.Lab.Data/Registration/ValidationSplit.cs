using Pneumothorax.Lab.Data.Storage;

namespace Pneumothorax.Lab.Data.Registration;

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
        var (groups, rows) = Group(labels, byPatient ? patients : null);
        random.Shuffle(groups);

        var positives = labels.Count(label => label == 1);
        var withPositives = groups.Where(group => group.Positives > 0).ToList();
        var without = groups.Where(group => group.Positives == 0).ToList();

        List<int> held = [];
        Hold(Take(withPositives, positives, group => group.Positives));
        var negatives = labels.Length - positives;
        var heldNegatives = held.Count(row => labels[row] == 0);
        Hold(Take(without, negatives, group => group.Count, heldNegatives));
        held.Sort();
        return (held, held.Count == 0
            ? "None: there are too few train images."
            : byPatient ? "A fifth of the train images, by patient, chosen at registration." : "A fifth of the train images, with the same share of positives, chosen at registration.");

        void Hold(List<PatientRows> taken)
        {
            foreach (var group in taken) held.AddRange(rows.AsSpan(group.Start, group.Count));
        }
    }

    /// <returns>The groups in the order of their first rows, and all rows, group by group: three numbers a patient and one a row, for there may be
    /// a hundred thousand.</returns>
    private static (List<PatientRows> Groups, int[] Rows) Group(byte[] labels, AttributeColumn? patients)
    {
        var (groupOf, firstSeen, counts) = (new int[labels.Length], new int[patients?.Values.Count ?? 0], new List<(int Count, int Positives)>());
        Array.Fill(firstSeen, -1);
        for (var row = 0; row < labels.Length; row++)
        {
            var patient = patients?.Rows[row] ?? -1;
            var group = patient >= 0 && firstSeen[patient] >= 0 ? firstSeen[patient] : counts.Count;
            if (group == counts.Count) counts.Add(default);
            if (patient >= 0) firstSeen[patient] = group;
            groupOf[row] = group;
            counts[group] = (counts[group].Count + 1, counts[group].Positives + labels[row]);
        }

        var (groups, next, rows) = (new List<PatientRows>(counts.Count), new int[counts.Count], new int[labels.Length]);
        var start = 0;
        for (var group = 0; group < counts.Count; start += counts[group++].Count)
        {
            next[group] = start;
            groups.Add(new(start, counts[group].Count, counts[group].Positives));
        }
        for (var row = 0; row < rows.Length; row++) rows[next[groupOf[row]]++] = row;
        return (groups, rows);
    }

    /// <summary>Takes groups in order until a fifth of the total is reached, passing over those that would overshoot.</summary>
    private static List<PatientRows> Take(List<PatientRows> groups, int total, Func<PatientRows, int> size, int already = 0)
    {
        if (groups.Count < 2) return [];

        var target = Math.Max(1, (int)Math.Round(total * Share)) - already;
        List<PatientRows> taken = [];
        var held = 0;
        foreach (var group in groups)
        {
            if (held >= target || taken.Count == groups.Count - 1) break;
            if (held + size(group) > target) continue;
            taken.Add(group);
            held += size(group);
        }
        // Every patient has more images than a fifth: the smallest is nearest.
        if (held == 0 && already == 0) taken.Add(groups.MinBy(size));
        return taken;
    }

    /// <summary>The rows of one patient: <paramref name="Count"/> from <paramref name="Start"/> on.</summary>
    private readonly record struct PatientRows(int Start, int Count, int Positives);
}
