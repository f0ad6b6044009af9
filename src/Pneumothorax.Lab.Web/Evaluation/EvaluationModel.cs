using Pneumothorax.Lab.Experiments.Metrics;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>What the evaluation page says of one evaluation whatever the threshold; computed once.</summary>
public sealed class EvaluationModel
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
        PrecisionRecall = EvaluationCharts.PrecisionRecall(Images);
        Calibration = Calibration.Compute(Images.Labels, Images.Scores);
        CalibrationCurve = EvaluationCharts.CalibrationCurve(Calibration);
        _histogram = ScoreHistogram.Of(Images);
    }

    public ScoredImages Images { get; }

    /// <summary>The first one is where the page opens; empty when validation holds one class only.</summary>
    public IReadOnlyList<ThresholdPreset> Presets { get; }

    public AurocResult Area { get; }

    public double? AveragePrecision { get; }

    public double? Brier { get; }

    public ChartSpec Roc { get; }

    public ChartSpec PrecisionRecall { get; }

    public Calibration Calibration { get; }

    public ChartSpec CalibrationCurve { get; }

    /// <summary>Brier score of whoever always says the prevalence.</summary>
    public double BrierOfPrevalence => Images.Prevalence * (1 - Images.Prevalence);

    public double ThresholdOf(EvaluationAddress address) => address.Threshold ?? (Presets.Count > 0 ? Presets[0].Threshold : ThresholdPreset.Half);

    public ChartSpec Scores(double threshold) => EvaluationCharts.Scores(_histogram, ScoreHistogram.Of(Images, threshold), threshold);

    /// <param name="curve"><see cref="Roc"/> or <see cref="PrecisionRecall"/>.</param>
    /// <returns>The threshold behind a point of a drawn curve, in few digits; 1 for the first point of the ROC curve, which calls nobody HAS.</returns>
    public double? ThresholdAt(ChartSpec curve, int point) =>
        curve.Series[0].Extra is { } thresholds && point >= 0 && point < thresholds.Count ? Images.RoundThreshold(thresholds[point]) : null;
}
