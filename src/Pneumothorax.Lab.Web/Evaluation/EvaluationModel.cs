using Pneumothorax.Lab.Experiments.Metrics;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>What the evaluation page says of one evaluation whatever the threshold; computed once.</summary>
internal sealed class EvaluationModel
{
    private readonly ScoreHistogram _histogram;

    public EvaluationModel(RunEvaluation evaluation)
    {
        Images = ScoredImages.Test(evaluation);
        Presets = ThresholdPreset.ChosenOn(ScoredImages.Validation(evaluation));
        Area = evaluation.Auroc;
        AveragePrecision = evaluation.AveragePrecision;
        Brier = evaluation.BrierScore;
        Roc = EvaluationCharts.Roc(Images, Images.HasBothClasses ? evaluation.Roc : [], Area);
        _histogram = ScoreHistogram.Of(Images);
    }

    public ScoredImages Images { get; }

    /// <summary>The first one is where the page opens; empty when validation holds one class only.</summary>
    public IReadOnlyList<ThresholdPreset> Presets { get; }

    public AurocResult Area { get; }

    public double? AveragePrecision { get; }

    public double? Brier { get; }

    public ChartSpec Roc { get; }

    /// <summary>Brier score of whoever always says the prevalence.</summary>
    public double BrierOfPrevalence => Images.Prevalence * (1 - Images.Prevalence);

    public double ThresholdOf(EvaluationAddress address) => address.Threshold ?? (Presets.Count > 0 ? Presets[0].Threshold : ThresholdPreset.Half);

    public ChartSpec Scores(double threshold) => EvaluationCharts.Scores(_histogram, ScoreHistogram.Of(Images, threshold), threshold);

    /// <returns>The threshold behind a point of the drawn curve, in few digits; 1 for its first point, which calls nobody HAS.</returns>
    public double? ThresholdAt(int rocPoint) =>
        Roc.Series[0].Extra is { } thresholds && rocPoint >= 0 && rocPoint < thresholds.Count ? Images.RoundThreshold(thresholds[rocPoint]) : null;
}
