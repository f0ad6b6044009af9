using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>Which negatives the positives of a slice are ranked against.</summary>
public enum SliceNegatives
{
    /// <summary>Those of the slice itself: for what is known of everybody, such as the view.</summary>
    Own,
    /// <summary>All of them: for what only the sick can have, such as the size of the finding.</summary>
    All,
}

/// <summary>How well a part of the images is ranked, beside the rest of them.</summary>
/// <param name="Area">Area under the ROC curve of the slice; without a value where it holds too few images of either class.</param>
/// <param name="Rest">Likewise of the images outside the slice.</param>
/// <param name="Difference">Area of the slice less that of the rest; without a value unless both exist.</param>
public readonly record struct SliceArea(AurocResult Area, AurocResult Rest, AurocDifference Difference)
{
    /// <summary>With fewer images of either class the interval promises more than the images hold.</summary>
    public const int LeastOfAClass = 5;

    /// <summary>Whether the difference holds, with so many slices looked at together (Bonferroni): below <c>0.05 / looks</c>.</summary>
    public bool Differs(int looks) => Difference.P is { } p && p < 0.05 / looks;
}
