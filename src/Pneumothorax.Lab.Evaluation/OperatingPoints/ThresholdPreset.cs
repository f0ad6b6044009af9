using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.OperatingPoints;

/// <summary>The threshold of a page whose address has none.</summary>
public static class ThresholdPreset
{
    /// <summary>Where the larger logit wins: the threshold where none can be chosen.</summary>
    public const double Half = 0.5;

    /// <returns>The balanced threshold, chosen on validation, or one half where none can be chosen.</returns>
    public static double OpeningOf(RunEvaluation evaluation) => ChosenBy(OperatingPoint.Usual, evaluation);

    /// <returns>The threshold that a rule chooses on validation, or one half where none can be chosen.</returns>
    public static double ChosenBy(OperatingRule rule, RunEvaluation evaluation) => OperatingPoint.Choose(ScoredImages.Validation(evaluation), rule) ?? Half;
}
