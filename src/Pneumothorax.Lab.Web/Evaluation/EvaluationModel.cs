using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Web.Shared.Charts;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>What the evaluation page says of one evaluation whatever the threshold; computed once.</summary>
public sealed class EvaluationModel
{
    private readonly ScoreHistogram _histogram;

    /// <param name="runId">Whose curves the CSV of the charts holds.</param>
    public EvaluationModel(RunEvaluation evaluation, int runId)
    {
        Images = ScoredImages.Test(evaluation);
        Validation = ScoredImages.Validation(evaluation);
        Area = evaluation.Auroc;
        AveragePrecision = evaluation.AveragePrecision;
        Brier = evaluation.BrierScore;
        Roc = EvaluationCharts.Roc(Images, Images.HasBothClasses ? evaluation.Roc : [], Area) with { CsvAddress = $"/api/runs/{runId}/roc.csv" };
        PrecisionRecall = EvaluationCharts.PrecisionRecall(Images) with { CsvAddress = $"/api/runs/{runId}/precision-recall.csv" };
        Calibration = evaluation.Calibration;
        CalibrationCurve = EvaluationCharts.CalibrationCurve(Calibration);
        _histogram = ScoreHistogram.Of(Images);
    }

    public ScoredImages Images { get; }

    /// <summary>What an operating point is chosen on; without images where the data set has no such split.</summary>
    public ScoredImages Validation { get; }

    public AurocResult Area { get; }

    public double? AveragePrecision { get; }

    public double? Brier { get; }

    public ChartSpec Roc { get; }

    public ChartSpec PrecisionRecall { get; }

    public Calibration Calibration { get; }

    public ChartSpec CalibrationCurve { get; }

    /// <summary>Brier score of whoever always says the prevalence.</summary>
    public double BrierOfPrevalence => Images.Prevalence * (1 - Images.Prevalence);

    /// <param name="frozen">The frozen threshold, where this one has left it.</param>
    public ChartSpec Scores(double threshold, double? frozen = null) => EvaluationCharts.Scores(_histogram, ScoreHistogram.Of(Images, threshold), threshold, frozen);

    /// <param name="curve"><see cref="Roc"/> or <see cref="PrecisionRecall"/>.</param>
    /// <returns>The threshold behind a point of a drawn curve, in few digits; 1 for the first point of the ROC curve, which calls nobody HAS.</returns>
    public double? ThresholdAt(ChartSpec curve, int point) =>
        curve.Series[0].Extra is { } thresholds && point >= 0 && point < thresholds.Count ? Images.RoundThreshold(thresholds[point]) : null;
}
