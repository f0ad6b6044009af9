namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>How well a run finds pneumothoraces with a chest drain, and those without, each against all images without a pneumothorax.</summary>
/// <param name="With">Positives with a drain.</param>
/// <param name="Without">Positives known to have none.</param>
/// <param name="Negatives">Images that DO NOT have it; both groups are ranked against all of them.</param>
/// <param name="HealthyWith">Those of them that show a drain all the same.</param>
/// <param name="HealthyWithout">Those known to have none.</param>
/// <param name="Area">Slice: with a drain. Rest: without.</param>
/// <param name="Examples">Up to four images that show the contrast.</param>
public sealed record DrainContrast(int With, int Without, int Negatives, IReadOnlyList<int> HealthyWith, IReadOnlyList<int> HealthyWithout, SliceArea Area, IReadOnlyList<DrainExample> Examples)
{
    private static readonly string[] s_yes = ["yes", "y", "true", "1"];
    private static readonly string[] s_no = ["no", "n", "false", "0"];

    /// <param name="known">(N): the column of drains; null where it is not known.</param>
    /// <returns>Null where the data set says of no positive whether it has a drain.</returns>
    public static DrainContrast? Of(RunEvaluation evaluation, string?[] known)
    {
        var labels = evaluation.File.Labels;
        bool?[] drains = [.. known.Select(Read)];
        int[] with = [.. Where(1, true)], without = [.. Where(1, false)], healthyWith = [.. Where(0, true)];
        if (with.Length + without.Length == 0) return null;

        // Of some positives it may not be known: they belong to neither side.
        int[] compared = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == 0 || drains[i] is not null)];
        var sliced = new SlicedScores([.. compared.Select(i => labels[i])], [.. compared.Select(i => evaluation.Scores[i])]);
        var area = sliced.Of([.. compared.Select(i => labels[i] == 1 && drains[i] == true)], SliceNegatives.All);
        return new(with.Length, without.Length, labels.Count(label => label == 0), healthyWith, [.. Where(0, false)], area, Pick(evaluation, with, without, healthyWith));

        IEnumerable<int> Where(byte label, bool drain) => Enumerable.Range(0, labels.Length).Where(i => labels[i] == label && drains[i] == drain);
    }

    /// <summary>The finding in a sentence: which are found more easily, or that there is no evidence.</summary>
    public string Verdict => Area switch
    {
        { Difference: { P: < Significant, Difference: > 0 } } => "It finds a pneumothorax with a drain more easily than one without.",
        { Difference: { P: < Significant } } => "It finds a pneumothorax without a drain more easily than one with a drain.",
        { Difference.P: not null } => "No evidence that drains make a difference to this model.",
        { Difference.Difference: 0 } => "Both groups have the same area; there is nothing to test.",
        _ => "Too few to tell.",
    };

    /// <summary>What the finding means, in a sentence or two.</summary>
    public string Meaning => Area switch
    {
        { Difference: { P: < Significant, Difference: > 0 } } =>
            "A drain is the treatment, not the disease. A model that relies on it is best where a doctor has already acted, and weakest for patients whom nobody has diagnosed yet. " +
            "It is also possible that patients with a drain have a larger pneumothorax; the slices by size show whether that is so.",
        { Difference: { P: < Significant } } =>
            "A model that had learned the treatment would show the opposite. The two groups may differ in other ways: look at the size of the finding and at the view.",
        { Difference: { Low: { } low, High: { } high } } =>
            FormattableString.Invariant($"That does not mean that there is no difference: anything from {WithSign(low)} to {WithSign(high)} is compatible with these images. More positives of the rarer kind would narrow the interval."),
        _ => $"A comparison needs {SliceArea.LeastOfAClass} images that HAVE it in each group, and as many that do not; here {With} have a drain and {Without} have none.",
    };

    private const double Significant = 0.05;

    /// <returns>"+0.012", "−0.120".</returns>
    public static string WithSign(double value) => value.ToString("+0.000;−0.000;0.000", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The surest of those with a drain, the least sure of those without; then one without a pneumothorax but with a drain where there is one.</summary>
    private static List<DrainExample> Pick(RunEvaluation evaluation, int[] with, int[] without, int[] healthyWith)
    {
        int[] surest = [.. with.OrderByDescending(i => evaluation.Scores[i])], leastSure = [.. without.OrderBy(i => evaluation.Scores[i])];
        List<DrainExample> examples = [];
        examples.AddRange(surest.Take(1).Select(i => new DrainExample(i, "With a drain: the highest score of those with a pneumothorax.")));
        examples.AddRange(leastSure.Take(2).Select((i, place) => new DrainExample(i, place == 0 ? "No drain: the lowest score of those with a pneumothorax." : "No drain: the second lowest score.")));
        if (healthyWith.Length > 0)
        {
            var alarm = healthyWith.MaxBy(i => evaluation.Scores[i]);
            examples.Add(new(alarm, "With a drain, without a pneumothorax: what is the effect of the drain alone?"));
        }
        else
        {
            examples.AddRange(surest.Skip(1).Take(1).Select(i => new DrainExample(i, "With a drain: the second highest score.")));
        }
        return examples;
    }

    private static bool? Read(string? text) => text?.Trim().ToLowerInvariant() is not { } word ? null : s_yes.Contains(word) ? true : s_no.Contains(word) ? false : null;
}

/// <summary>A test image of the lesson on drains.</summary>
/// <param name="Why">Why this one.</param>
public sealed record DrainExample(int Index, string Why);
