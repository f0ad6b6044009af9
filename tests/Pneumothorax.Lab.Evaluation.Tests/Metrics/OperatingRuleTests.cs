using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

public sealed class OperatingRuleTests
{
    // Sick: 0.8, 0.6, 0.3; well: 0.7, 0.5, 0.4, 0.2, 0.1.
    private static readonly RankedScores s_images = RankedScores.Of([1, 0, 1, 0, 0, 1, 0, 0], [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]);

    [Fact]
    public void Youden_SmallList_TakesTheLargestSumOfBothRates() =>
        Assert.Equal(0.6, new OperatingRule.Youden().Choose(s_images));         // 2/3 + 4/5, against 1/3 + 1 at 0.8 and 1 + 2/5 at 0.3

    [Theory]
    [InlineData(1.0, 0.3)]
    [InlineData(0.66, 0.6)]
    [InlineData(0.0, 1.8)]              // nobody need be called positive
    public void Sensitivity_Wanted_IsReachedByTheHighestThreshold(double wanted, double expected) =>
        Assert.Equal(expected, new OperatingRule.Sensitivity(wanted).Choose(s_images)!.Value, 12);

    [Theory]
    [InlineData(1.0, 0.8)]
    [InlineData(0.8, 0.6)]
    [InlineData(0.0, 0.1)]
    public void Specificity_Wanted_IsReachedByTheLowestThreshold(double wanted, double expected) =>
        Assert.Equal(expected, new OperatingRule.Specificity(wanted).Choose(s_images));

    [Theory]
    [InlineData(0.01, null, 0.8)]
    [InlineData(100, null, 0.3)]
    [InlineData(1, 0.001, 0.8)]         // hardly anybody is sick: an alarm is nearly always a false one
    public void Cost_OfAMissedOne_DecidesHowFreelyOneAlarms(double missed, double? prevalence, double expected) =>
        Assert.Equal(expected, new OperatingRule.Cost(missed, prevalence).Choose(s_images));

    [Fact]
    public void Choose_ScoreAtTheTop_CannotCallNobody()
    {
        var images = RankedScores.Of([0, 1], [1, 0.5]);

        Assert.Equal(0.5, new OperatingRule.Youden().Choose(images, highest: 1));
        Assert.Null(new OperatingRule.Specificity(0.9).Choose(images, highest: 1));
        Assert.Equal(2, new OperatingRule.Specificity(0.9).Choose(images));
    }

    [Fact]
    public void Choose_OneClassOrNoImages_HasNothingToChooseOn()
    {
        Assert.Null(new OperatingRule.Youden().Choose(RankedScores.Of([1, 1], [0.2, 0.3])));
        Assert.Null(new OperatingRule.Cost(5).Choose(RankedScores.Of([], [])));
    }

    [Fact]
    public void Youden_AnyList_IsTheMaximumOfScikitLearnsCurve() => Assert.All(MetricReference.All, reference =>
    {
        var best = reference.Roc.Max(point => point[2] - point[1]);
        var chosen = new OperatingRule.Youden().Choose(RankedScores.Of(reference.Labels, reference.Scores))!.Value;

        // Of equally good points the one with the highest threshold.
        Assert.Equal(reference.Roc.First(point => point[2] - point[1] > best - 1e-12)[0], chosen);
    });

    [Property]
    public bool AnyRule_AnyList_IsNoWorseThanAnyOtherThreshold((bool Sick, sbyte Score)[] images, byte tenths, byte percent)
    {
        var (labels, scores) = RocLawTests.Split(images);
        if (labels.Distinct().Count() < 2) return true;

        double wanted = percent % 101 / 100.0;
        var ranked = RankedScores.Of(labels, scores);
        // Brute force: every threshold there is, counted image by image.
        ConfusionMatrix[] all = [.. scores.Append(scores.Max() + 1).Select(threshold => ConfusionMatrix.At(labels, scores, threshold))];
        ConfusionMatrix Cells(OperatingRule rule) => ConfusionMatrix.At(labels, scores, rule.Choose(ranked)!.Value);

        OperatingRule.Cost cost = new(0.1 * (1 + tenths)), elsewhere = new(0.1 * (1 + tenths), wanted);
        ConfusionMatrix youden = Cells(new OperatingRule.Youden()), sensitive = Cells(new OperatingRule.Sensitivity(wanted)), specific = Cells(new OperatingRule.Specificity(wanted));
        return all.All(cells => youden.Sensitivity + youden.Specificity >= cells.Sensitivity + cells.Specificity - 1e-12)
            && all.All(cells => cost.PerPerson(Cells(cost)) <= cost.PerPerson(cells) + 1e-12 && elsewhere.PerPerson(Cells(elsewhere)) <= elsewhere.PerPerson(cells) + 1e-12)
            && sensitive.Sensitivity >= wanted && all.All(cells => cells.Sensitivity < wanted || cells.Specificity <= sensitive.Specificity)
            && specific.Specificity >= wanted && all.All(cells => cells.Specificity < wanted || cells.Sensitivity <= specific.Sensitivity);
    }
}
