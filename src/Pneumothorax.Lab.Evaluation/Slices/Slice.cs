using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>The test images that share one value of something that is known of them, with how well they are ranked.</summary>
/// <param name="Key">The data set's name of the column, such as "view".</param>
/// <param name="Column">The same in words: "View".</param>
/// <param name="Value">"AP".</param>
/// <param name="Negatives">Which negatives its positives are ranked against.</param>
/// <param name="Inside">(N): whether each test image belongs to it.</param>
public sealed record Slice(string Key, string Column, string Value, SliceNegatives Negatives, bool[] Inside)
{
    /// <summary>In addresses.</summary>
    public string Word => $"{Key}:{Value}";

    /// <summary>"Chest drain: yes".</summary>
    public string Title => $"{Column}: {Value}";
}

/// <summary>One row of the table of slices.</summary>
/// <param name="Images">In the slice, of either class.</param>
/// <param name="Positives">Those of them that HAVE it.</param>
/// <param name="RankedNegatives">Negatives that its positives are ranked against.</param>
public sealed record SliceRow(Slice Slice, int Images, int Positives, int RankedNegatives, SliceArea Area)
{
    /// <summary>Why there is no area, in a few words; null where there is one.</summary>
    public string? WhyNoArea => this switch
    {
        { Area.Area.Value: not null } => null,
        { Positives: 0 } => "none HAS it",
        { RankedNegatives: 0 } => "all HAVE it",
        { Positives: < SliceArea.LeastOfAClass } => Positives == 1 ? "too few: 1 HAS it" : $"too few: {Positives} HAVE it",
        _ => $"too few: {RankedNegatives} without it",
    };

    /// <summary>Who in the slice is called what at a threshold.</summary>
    public ConfusionMatrix At(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores, double threshold)
    {
        int found = 0, missed = 0, alarms = 0, clear = 0;
        for (var i = 0; i < Slice.Inside.Length; i++)
        {
            if (!Slice.Inside[i]) continue;
            var called = scores[i] >= threshold;
            if (labels[i] == 1) { if (called) found++; else missed++; }
            else if (called) alarms++;
            else clear++;
        }
        return new(found, alarms, clear, missed);
    }
}
