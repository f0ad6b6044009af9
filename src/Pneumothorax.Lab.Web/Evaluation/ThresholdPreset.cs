using Pneumothorax.Lab.Evaluation;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>The threshold of a page whose address has none.</summary>
public static class ThresholdPreset
{
    /// <summary>Where the larger logit wins: the threshold where none can be chosen.</summary>
    public const double Half = 0.5;

    /// <returns>The balanced threshold, chosen on validation, or one half where none can be chosen.</returns>
    public static double OpeningOf(RunEvaluation evaluation) => OpeningOf(evaluation, new());

    /// <returns>The threshold that the evaluation page shows at this address: its own, else the frozen one, else what its rule chooses.</returns>
    public static double OpeningOf(RunEvaluation evaluation, EvaluationAddress address) =>
        address.Threshold ?? address.Frozen ?? OperatingPoint.Choose(ScoredImages.Validation(evaluation), address.Rule) ?? Half;
}
