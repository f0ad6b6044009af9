using FsCheck.Xunit;

namespace Pneumothorax.Lab.Evaluation.Tests;

public sealed class ScoredImagesTests
{
    private static readonly ScoredImages s_images = ScoredImages.Test(SampleEvaluations.Of());

    [Fact]
    public void Images_OfEveryOutcome_AreEachImageOnceAndAsManyAsTheCells()
    {
        foreach (var threshold in (double[])[0, 0.3, 0.45, 0.7, 0.95, 1])
        {
            var cells = s_images.At(threshold);
            Assert.Equal(cells.TruePositives, s_images.Images(Outcome.Found, threshold).Count);
            Assert.Equal(cells.FalseNegatives, s_images.Images(Outcome.Missed, threshold).Count);
            Assert.Equal(cells.FalsePositives, s_images.Images(Outcome.FalseAlarm, threshold).Count);
            Assert.Equal(cells.TrueNegatives, s_images.Images(Outcome.RightlyClear, threshold).Count);
            Assert.Equal(Enumerable.Range(0, 10), Outcomes.All.SelectMany(outcome => s_images.Images(outcome, threshold)).Order());
        }
    }

    [Fact]
    public void Images_MissedAtOneHalf_AreThoseThatHaveItBelow() =>
        Assert.Equal([4], s_images.Images(Outcome.Missed, 0.5));

    [Fact]
    public void Images_WithoutOutcome_AreAll() => Assert.Equal(10, s_images.Images(null, 0.5).Count);

    [Fact]
    public void Next_FromAnywhere_ChangesAnAnswerOrMovesAHundredth()
    {
        Assert.Equal(0.06, s_images.Next(0.05, up: true));                  // past the score 0.05: one image more is called clear
        Assert.Equal(0.16, s_images.Next(0.06, up: true));                  // nothing lies between 0.06 and 0.15
        Assert.Equal(0.05, s_images.Next(0.06, up: false));
        Assert.Equal(1, s_images.Next(1, up: true));
        Assert.Equal(0, s_images.Next(0, up: false));
    }

    [Fact]
    public void RoundThreshold_OfManyDigits_IsShortAndCallsTheSameImages()
    {
        var images = new ScoredImages([0, 1, 1], [0.3551, 0.3587421, 0.36]);

        Assert.Equal(0.358, images.RoundThreshold(0.3587421));
        Assert.Equal(images.At(0.3587421), images.At(0.358));
    }

    [Property]
    public void RoundThreshold_OfAnyScores_CallsTheSameImages(byte[] scores)
    {
        if (scores.Length == 0) return;
        var images = new ScoredImages([.. scores.Select(score => (byte)(score & 1))], [.. scores.Select(score => 1 / (1 + Math.Exp(score / 16.0 - 8)))]);

        foreach (var score in images.Scores.ToArray()) Assert.Equal(images.At(score), images.At(images.RoundThreshold(score)));
    }

    [Property]
    public void Next_InOneDirection_ReachesTheEnd(byte[] scores)
    {
        var images = new ScoredImages([.. scores.Select(score => (byte)(score & 1))], [.. scores.Select(score => score / 255.0)]);

        var threshold = 0.0;
        for (var step = 0; step < 400 && threshold < 1; step++)
        {
            var next = images.Next(threshold, up: true);
            Assert.True(next > threshold);
            threshold = next;
        }
        Assert.Equal(1, threshold);
    }
}
