using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.OperatingPoints;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

public sealed class OperatingPointTests
{
    // Scores 0.05 to 0.95; images 5, 7, 8, 9 HAVE it.
    private static readonly RunEvaluation s_evaluation = SampleEvaluations.Of();

    [Fact]
    public void Choose_ManyDigits_IsShortAndCallsTheSameImages()
    {
        var validation = new ScoredImages([0, 1, 1], [0.3551, 0.3587421, 0.36]);

        Assert.Equal(0.358, OperatingPoint.Choose(validation, OperatingPoint.Usual));
    }

    [Fact]
    public void Choose_LateSick_BalancesHigherThanItFindsAll()
    {
        // Image 1 HAS it and scores low: to find it, nearly everyone is alarmed.
        var validation = ScoredImages.Validation(SampleEvaluations.Of(validationLabels: "0100000111"));

        Assert.Equal(0.75, OperatingPoint.Choose(validation, OperatingPoint.Usual));
        Assert.Equal(0.15, OperatingPoint.Choose(validation, new OperatingRule.Sensitivity(0.95)));
    }

    [Fact]
    public void Choose_NobodyWorthAnAlarm_CallsNobody() =>
        Assert.Equal(1, OperatingPoint.Choose(new([1, 0, 1, 0], [0.2, 0.9, 0.3, 0.8]), new OperatingRule.Specificity(1)));

    [Theory]
    [InlineData("0000000000", "None of the 10 validation images HAS it")]
    [InlineData("1111111111", "All 10 validation images HAVE it")]
    [InlineData("", "This run has no validation images")]
    public void Choose_OneClass_ChoosesNothingAndSaysWhy(string validationLabels, string why)
    {
        var validation = ScoredImages.Validation(SampleEvaluations.Of(validationLabels: validationLabels));

        Assert.Null(OperatingPoint.Choose(validation, OperatingPoint.Usual));
        Assert.Contains(why, OperatingPoint.WhyNone(validation, OperatingPoint.Usual), StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_EqualScores_ChoosesNothingAndSaysWhy()
    {
        var validation = new ScoredImages([0, 1, 1], [0.4, 0.4, 0.4]);

        Assert.Null(OperatingPoint.Choose(validation, OperatingPoint.Usual));
        Assert.Contains("the same score", OperatingPoint.WhyNone(validation, OperatingPoint.Usual), StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_ScoresOfOne_CannotAllBeCleared()
    {
        var validation = new ScoredImages([0, 1, 1], [1, 1, 0.4]);

        Assert.Null(OperatingPoint.Choose(validation, new OperatingRule.Specificity(0.9)));
        Assert.Contains("some of them score 1", OperatingPoint.WhyNone(validation, new OperatingRule.Specificity(0.9)), StringComparison.Ordinal);
    }

    [Fact]
    public void OpeningOf_Address_IsItsThresholdElseTheFrozenElseTheRules()
    {
        var rule = new OperatingRule.Sensitivity(0.7);

        Assert.Equal(0.55, ThresholdPreset.OpeningOf(s_evaluation));
        Assert.Equal(0.75, new EvaluationUrlState { Rule = rule }.ThresholdOf(s_evaluation));
        Assert.Equal(0.6, new EvaluationUrlState(Frozen: 0.6) { Rule = rule }.ThresholdOf(s_evaluation));
        Assert.Equal(0.2, new EvaluationUrlState(0.2, Frozen: 0.6) { Rule = rule }.ThresholdOf(s_evaluation));
        Assert.Equal(0.5, ThresholdPreset.OpeningOf(SampleEvaluations.Of(validationLabels: "")));
    }

    [Theory]
    [InlineData(40, 50, 80, 100, "The same as on validation")]
    [InlineData(45, 50, 80, 100, "10.0 points below the result on validation")]
    [InlineData(40, 50, 90, 100, "10.0 points above the result on validation")]
    public void Departure_OfFewImages_IsWithinTheDoubt(int promised, int ofThose, int kept, int ofThese, string expected)
    {
        var words = Departure.InWords((promised, ofThose), (kept, ofThese))!;

        Assert.StartsWith(expected, words, StringComparison.Ordinal);
        Assert.EndsWith("within the uncertainty.", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Departure_OfManyImages_IsMoreThanChance() =>
        Assert.Contains("more than chance explains", Departure.InWords((900, 1000), (800, 1000)), StringComparison.Ordinal);

    [Fact]
    public void Departure_WithoutImages_IsNotSaid() => Assert.Null(Departure.InWords((0, 0), (1, 2)));
}
