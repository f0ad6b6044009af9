using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

public sealed class MetricTests
{
    [Fact]
    public void Auroc_HandRankedList_CountsPairsWonWithTiesAsHalf()
    {
        // Sick: 3 and 2; well: 2 and 1. Pairs won: 3>2, 3>1, 2>1, and one tie.
        Assert.Equal(3.5 / 4, Auroc.Compute([1, 1, 0, 0], [3, 2, 2, 1]).Value);
    }

    [Fact]
    public void Auroc_OneClass_IsUndefined() => Assert.Equal(default, Auroc.Compute([1, 1, 1], [0.1, 0.5, 0.9]));

    [Fact]
    public void RocCurve_FirstPoint_LiesAboveEveryScore() =>
        Assert.Equal(new RocPoint(1.75, 0, 0), RocCurve.Compute([0, 1], [0.25, 0.75])[0]);

    [Fact]
    public void RocCurve_NoImages_IsEmpty() => Assert.Empty(RocCurve.Compute([], []));

    [Fact]
    public void PrecisionRecallCurve_WithoutPositives_IsEmpty() => Assert.Empty(PrecisionRecallCurve.Compute([0, 0], [0.25, 0.75]));

    [Fact]
    public void PrecisionRecallCurve_Ties_AreOnePoint() =>
        Assert.Equal([new(0.75, 0.5, 1, 1), new(0.25, 1, 2.0 / 3, 3)], PrecisionRecallCurve.Compute([0, 1, 1], [0.25, 0.25, 0.75]));

    [Fact]
    public void Compute_ScoreThatIsNotANumber_NamesIt() =>
        Assert.Contains("Score 1", Assert.Throws<ArgumentException>(() => Auroc.Compute([0, 1], [0.5, double.NaN])).Message);

    [Fact]
    public void Compute_LabelOtherThanZeroOrOne_NamesIt() =>
        Assert.Contains("Label 1 is 2", Assert.Throws<ArgumentException>(() => RocCurve.Compute([0, 2], [0.5, 0.6])).Message);

    [Fact]
    public void Accuracy_TiedLogits_GoToColumnZero() => Assert.Equal(0.5, Accuracy.Compute([0, 1], [1f, 1f, 1f, 1f]));

    [Fact]
    public void Accuracy_ArgmaxOfLogits_IsComparedWithLabels() =>
        Assert.Equal(2.0 / 3, Accuracy.Compute([0, 1, 1], [2f, 1f, 0f, 3f, 5f, 4f]));

    [Fact]
    public void BrierScore_AlwaysOneHalf_IsAQuarter() => Assert.Equal(0.25, BrierScore.Compute([0, 1, 1], [0.5, 0.5, 0.5]));

    [Fact]
    public void BrierScore_LogitInsteadOfProbability_IsRefused() =>
        Assert.Throws<ArgumentException>(() => BrierScore.Compute([0], [1.2]));

    [Theory]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(81, 263, 0.2553, 0.3662)]      // Newcombe, Statistics in Medicine 17 (1998), table I
    public void WilsonInterval_PublishedCases_Agrees(int successes, int total, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, total)!.Value;

        Assert.Equal(low, interval.Low, 5e-5);      // published to four digits
        Assert.Equal(high, interval.High, 5e-5);
    }

    [Fact]
    public void WilsonInterval_NothingTried_IsUndefined() => Assert.Null(WilsonInterval.Of(0, 0));

    [Fact]
    public void PpvAt_RareDisease_FallsFarBelowSensitivity()
    {
        var matrix = new ConfusionMatrix(TruePositives: 90, FalsePositives: 10, TrueNegatives: 90, FalseNegatives: 10);

        Assert.Equal(0.9, matrix.Ppv!.Value, 1e-12);
        Assert.Equal(0.009 / (0.009 + 0.099), matrix.PpvAt(0.01)!.Value, 1e-12);
    }
}
