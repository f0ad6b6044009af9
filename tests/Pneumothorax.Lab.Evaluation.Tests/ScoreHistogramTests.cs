namespace Pneumothorax.Lab.Evaluation.Tests;

public sealed class ScoreHistogramTests
{
    [Fact]
    public void Of_BothClasses_AreSharesOfTheirClass()
    {
        var histogram = ScoreHistogram.Of(new([0, 0, 0, 1], [0.01, 0.02, 0.5, 1]));

        Assert.Equal(2.0 / 3, histogram.DoesNot[0]);
        Assert.Equal(1, histogram.Has[^1]);         // a probability of exactly 1 belongs to the last step
        Assert.Equal(1, histogram.DoesNot.Sum(), 12);
    }

    [Fact]
    public void Of_FromAThreshold_SplitsTheStepItLiesIn()
    {
        var images = new ScoredImages([1, 1, 1, 1], [0.41, 0.42, 0.43, 0.9]);

        Assert.Equal(0.75, ScoreHistogram.Of(images).Has[10]);
        Assert.Equal(0.25, ScoreHistogram.Of(images, from: 0.43).Has[10]);
    }

    [Fact]
    public void Of_OneClass_LeavesTheOtherEmpty() => Assert.All(ScoreHistogram.Of(new([0, 0], [0.1, 0.2])).Has, share => Assert.Equal(0, share));
}
