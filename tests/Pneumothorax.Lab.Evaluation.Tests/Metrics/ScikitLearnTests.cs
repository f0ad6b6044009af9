using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

/// <summary>The same numbers as scikit-learn, on lists with ties, tiny classes, constant and extreme scores.</summary>
public sealed class ScikitLearnTests
{
    private const double Close = 1e-12;

    [Fact]
    public void RocCurve_AnyList_HasScikitLearnsPoints() => Assert.All(MetricReference.All, reference =>
    {
        var curve = RocCurve.Compute(reference.Labels, reference.Scores);

        Assert.Equal(reference.Roc.Length, curve.Count);
        for (var i = 0; i < curve.Count; i++)
        {
            Assert.Equal(reference.Roc[i][0], curve[i].Threshold, Close);
            Assert.Equal(reference.Roc[i][1], curve[i].FalsePositiveRate, Close);
            Assert.Equal(reference.Roc[i][2], curve[i].TruePositiveRate, Close);
        }
    });

    [Fact]
    public void PrecisionRecallCurve_AnyList_HasScikitLearnsPoints() => Assert.All(MetricReference.All, reference =>
    {
        var curve = PrecisionRecallCurve.Compute(reference.Labels, reference.Scores);

        Assert.Equal(reference.PrecisionRecall.Length, curve.Count);
        for (var i = 0; i < curve.Count; i++)
        {
            Assert.Equal(reference.PrecisionRecall[i][0], curve[i].Threshold, Close);
            Assert.Equal(reference.PrecisionRecall[i][1], curve[i].Recall, Close);
            Assert.Equal(reference.PrecisionRecall[i][2], curve[i].Precision, Close);
        }
    });

    [Fact]
    public void Calibration_AnyList_HasScikitLearnsBinsAndTheirMeanError() => Assert.All(MetricReference.All, reference =>
    {
        var calibration = Calibration.Compute(reference.Labels, reference.Scores);

        Assert.Equal(reference.Calibration.Length, calibration.Bins.Count);
        for (var i = 0; i < calibration.Bins.Count; i++)
        {
            Assert.Equal(reference.Calibration[i][0], calibration.Bins[i].MeanProbability, Close);
            Assert.Equal(reference.Calibration[i][1], calibration.Bins[i].Share, Close);
        }
        Assert.Equal(reference.CalibrationError, calibration.ExpectedError!.Value, Close);
    });

    [Fact]
    public void Auroc_AnyList_HasScikitLearnsAreaAndDeLongsInterval() => Assert.All(MetricReference.All, reference =>
    {
        var auroc = Auroc.Compute(reference.Labels, reference.Scores);

        Assert.Equal(reference.Auroc, auroc.Value!.Value, Close);
        Assert.Equal(reference.Interval is null, auroc.Low is null);
        if (reference.Interval is not { } interval) return;

        Assert.Equal(interval[0], auroc.Low!.Value, Close);
        Assert.Equal(interval[1], auroc.High!.Value, Close);
    });

    [Fact]
    public void AveragePrecisionAndBrierScore_AnyList_AreScikitLearns() => Assert.All(MetricReference.All, reference =>
    {
        Assert.Equal(reference.AveragePrecision, AveragePrecision.Compute(reference.Labels, reference.Scores)!.Value, Close);
        Assert.Equal(reference.BrierScore, BrierScore.Compute(reference.Labels, reference.Scores)!.Value, Close);
    });

    [Fact]
    public void ConfusionMatrix_AnyList_CountsAsScikitLearn() => Assert.All(MetricReference.All, reference =>
    {
        var matrix = ConfusionMatrix.At(reference.Labels, reference.Scores, reference.Threshold);

        Assert.Equal(reference.Confusion, new[] { matrix.TruePositives, matrix.FalsePositives, matrix.TrueNegatives, matrix.FalseNegatives });
    });
}
