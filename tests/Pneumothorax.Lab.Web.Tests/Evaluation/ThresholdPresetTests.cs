using Pneumothorax.Lab.Web.Evaluation;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

public sealed class ThresholdPresetTests
{
    [Fact]
    public void ChosenOn_BothClasses_GivesYoudenAndTheStrictestThatFinds95()
    {
        // Scores 0.05 to 0.95; images 5, 7, 8, 9 HAVE it.
        var presets = ThresholdPreset.ChosenOn(ScoredImages.Validation(SampleEvaluations.Of()));

        Assert.Equal(["Balanced 0.55", "Find 95 %"], presets.Select(preset => preset.Title));
        Assert.All(presets, preset => Assert.Equal(0.55, preset.Threshold));
    }

    [Fact]
    public void ChosenOn_LateSick_BalancesHigherThanItFindsAll()
    {
        // Image 1 HAS it and scores low: to find it, nearly everyone is alarmed.
        var presets = ThresholdPreset.ChosenOn(ScoredImages.Validation(SampleEvaluations.Of(validationLabels: "0100000111")));

        Assert.Equal([0.75, 0.15], presets.Select(preset => preset.Threshold));
    }

    [Theory]
    [InlineData("0000000000")]
    [InlineData("1111111111")]
    [InlineData("")]
    public void ChosenOn_OneClass_GivesNone(string validationLabels) =>
        Assert.Empty(ThresholdPreset.ChosenOn(ScoredImages.Validation(SampleEvaluations.Of(validationLabels: validationLabels))));
}
