using Pneumothorax.Lab.Experiments.Metrics;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>A threshold with a reason, chosen on images that are not the test images.</summary>
/// <param name="Title">Such as "Balanced 0.36".</param>
/// <param name="Reason">One sentence.</param>
public sealed record ThresholdPreset(string Title, double Threshold, string Reason)
{
    /// <summary>Where the larger logit wins: the threshold as long as none was chosen.</summary>
    public const double Half = 0.5;

    /// <summary>Share of the sick that "Find 95 %" finds at least, on validation.</summary>
    private const double WantedSensitivity = 0.95;

    /// <returns>Where a page about this evaluation opens: the balanced threshold, or one half where none can be chosen.</returns>
    public static double OpeningOf(RunEvaluation evaluation) => ChosenOn(ScoredImages.Validation(evaluation)) is [var first, ..] ? first.Threshold : Half;

    /// <returns>Empty when the validation images do not hold both classes.</returns>
    public static IReadOnlyList<ThresholdPreset> ChosenOn(ScoredImages validation)
    {
        if (!validation.HasBothClasses) return [];

        var roc = RocCurve.Compute(validation.Labels, validation.Scores);
        var balanced = roc.MaxBy(point => point.TruePositiveRate - point.FalsePositiveRate);     // Youden's index; the first of equals is the strictest
        var sensitive = roc.First(point => point.TruePositiveRate >= WantedSensitivity);
        return
        [
            Round(threshold => $"Balanced {Figures.Threshold(threshold)}", balanced, "Sensitivity plus specificity is highest here, on the validation images."),
            Round(_ => "Find 95 %", sensitive, "The highest threshold that still finds 95 % of the validation images which HAVE it."),
        ];

        ThresholdPreset Round(Func<double, string> title, RocPoint point, string reason)
        {
            var threshold = validation.RoundThreshold(point.Threshold);
            return new(title(threshold), threshold, reason);
        }
    }
}
