using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Results;

/// <summary>How good a run's best checkpoint was on the test split.</summary>
/// <param name="Auroc">Null with one class only.</param>
/// <param name="AurocLow">Lower end of the 95 % interval (DeLong), clipped to 0..1.</param>
/// <param name="ExpectedCalibrationError">In ten bins of equal width, 0..1; 0 is perfect.</param>
/// <param name="Roc">Every distinct probability of pneumothorax as a threshold.</param>
public sealed record EvaluationJson(
    int Run, int CheckpointStep, string Dataset, string Network, string Split, int Images, int Positives,
    double? Auroc, double? AurocLow, double? AurocHigh, double? Accuracy, double? AveragePrecision, double? BrierScore, double? ExpectedCalibrationError,
    IReadOnlyList<RocPointJson> Roc)
{
    public static EvaluationJson Of(Run run, RunEvaluation evaluation) => new(
        run.Id, evaluation.File.Info.CheckpointStep, evaluation.File.Info.Dataset, evaluation.File.Info.Network, evaluation.File.Info.Split,
        evaluation.File.Count, evaluation.Positives,
        evaluation.Auroc.Value, evaluation.Auroc.Low, evaluation.Auroc.High,
        evaluation.Accuracy, evaluation.AveragePrecision, evaluation.BrierScore, evaluation.Calibration.ExpectedError,
        [.. evaluation.Roc.Select(RocPointJson.Of)]);
}

/// <param name="Fpr">False-positive rate; null without negatives.</param>
/// <param name="Tpr">True-positive rate; null without positives.</param>
public sealed record RocPointJson(double Threshold, double? Fpr, double? Tpr)
{
    public static RocPointJson Of(RocPoint point) =>
        new(point.Threshold, Number(point.FalsePositiveRate), Number(point.TruePositiveRate));

    private static double? Number(double value) => double.IsNaN(value) ? null : value;
}
