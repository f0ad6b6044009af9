using Pneumothorax.Lab.Runs.Comparison;

namespace Pneumothorax.Lab.Runs.Tests.Comparison;

public sealed class DisagreementsTests
{
    // Labels 0000100111, and A says HAS from image 5 on (at 0.5): wrong about 4, 5 and 6. B is A the other way round.
    private static readonly Disagreements s_two = Disagreements.Find([SampleRuns.Of(0), SampleRuns.Of(1, scores: SampleRuns.Reversed)], atHalf: true)!;

    [Fact]
    public void TwoRuns_ArePartedByWhoIsRight()
    {
        Assert.Equal(10, s_two.Images("").Count);
        Assert.Equal([0, 1, 2, 3, 7, 8, 9], s_two.Images(Disagreements.OnlyFirst).Order());
        Assert.Equal([4, 5, 6], s_two.Images(Disagreements.OnlySecond).Order());
        Assert.Empty(s_two.Images(Disagreements.RightIn(2)));
        Assert.Empty(s_two.Images(Disagreements.RightIn(0)));
        Assert.Equal(10, s_two.Images(Disagreements.All).Count);
    }

    [Fact]
    public void TheFurthestApart_ComeFirst()
    {
        double[] nearly = [0.05, 0.15, 0.25, 0.95, 0.45, 0.55, 0.05, 0.75, 0.85, 0.95];
        var images = Disagreements.Find([SampleRuns.Of(0), SampleRuns.Of(1, scores: nearly)], atHalf: true)!;

        // 0.35 against 0.95, and 0.65 against 0.05.
        Assert.Equal([3, 6], images.Images("").Order());
        Assert.Equal([3, 6], images.Images(Disagreements.All).Take(2).Order());
        Assert.Equal(0.6, images.SpreadOf(6), 9);
    }

    [Fact]
    public void ThreeRuns_AreCountedByVotes()
    {
        var three = Disagreements.Find([SampleRuns.Of(0), SampleRuns.Of(1, scores: SampleRuns.Reversed), SampleRuns.Of(2)], atHalf: true)!;

        Assert.Equal([0, 1, 2, 3, 7, 8, 9], three.Images(Disagreements.RightIn(2)).Order());
        Assert.Equal([4, 5, 6], three.Images(Disagreements.RightIn(1)).Order());
        // Who alone is right is a question of two.
        Assert.Equal(three.Images(""), three.Images(Disagreements.OnlyFirst));
        Assert.Equal(three.Images(""), three.Images("right-9"));
    }

    [Fact]
    public void OwnThresholds_AreChosenOnValidation()
    {
        var own = Disagreements.Find([SampleRuns.Of(0), SampleRuns.Of(1)], atHalf: false)!;

        // Validation labels 0000010111 with the same probabilities: balanced from 0.55 on.
        Assert.All(own.Thresholds, threshold => Assert.Equal(0.55, threshold, 9));
        Assert.Empty(own.Images(""));
    }

    [Theory]
    [InlineData("0000100111", "another")]
    [InlineData("1000100111", "hash")]
    public void OtherImages_AreNotHeldTogether(string labels, string dataHash) =>
        Assert.Null(Disagreements.Find([SampleRuns.Of(0), SampleRuns.Of(1, labels, dataHash: dataHash)], atHalf: true));

    [Fact]
    public void RunTestedElsewhere_IsLeftOut()
    {
        var (first, elsewhere, third) = (SampleRuns.Of(0), SampleRuns.Of(1, dataHash: "another"), SampleRuns.Of(2, scores: SampleRuns.Reversed));
        var images = Disagreements.Find([first, elsewhere, third], atHalf: true)!;

        Assert.Equal(["A", "C"], images.Runs.Select(run => run.Letter));
        Assert.False(images.Has(elsewhere));
    }

    [Fact]
    public void OneEvaluatedRun_HasNobodyToDisagreeWith() =>
        Assert.Null(Disagreements.Find([SampleRuns.Of(0), SampleRuns.Of(1, evaluated: false)], atHalf: true));

    [Fact]
    public void Answers_AreTestedInWords()
    {
        var (first, second) = (s_two.Runs[0], s_two.Runs[1]);

        Assert.Equal(
            "At a probability of 0.5, B alone is right on 3 images and A alone on 7: no evidence that either is right more often (exact McNemar test, p = 0.34).",
            PairedAnswers.Of(s_two, first, second, atHalf: true));
    }

    [Fact]
    public void AnswersThatAgree_SaySo()
    {
        var alike = Disagreements.Find([SampleRuns.Of(0), SampleRuns.Of(1)], atHalf: true)!;

        Assert.Equal("At a probability of 0.5, B and A are right about the same images.", PairedAnswers.Of(alike, alike.Runs[0], alike.Runs[1], atHalf: true));
    }
}
