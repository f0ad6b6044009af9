using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

public sealed class RankedScoresTests
{
    [Property]
    public bool At_AnyThreshold_CountsAsImageByImage((bool Sick, sbyte Score)[] images, sbyte threshold)
    {
        var (labels, scores) = RocLawTests.Split(images);
        return RankedScores.Of(labels, scores).At(threshold) == ConfusionMatrix.At(labels, scores, threshold);
    }

    /// <summary>Long lists are sorted another way than short ones.</summary>
    [Fact]
    public void Of_LongList_IsInOrderWithEveryImageCounted()
    {
        var random = new Random(3);
        double[] scores = [.. Enumerable.Range(0, 40_000).Select(i => (i % 4) switch
        {
            0 => Math.Round(random.NextDouble(), 2),
            1 => -Math.Exp(random.NextDouble() * 600 - 300),
            2 => Math.Exp(random.NextDouble() * 600 - 300),
            _ => random.NextDouble(),
        }), 0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue];
        byte[] labels = [.. scores.Select((_, i) => (byte)(i % 3 == 0 ? 1 : 0))];

        var ranked = RankedScores.Of(labels, scores);

        Assert.Equal(scores.Distinct().OrderDescending(), ranked.Scores.ToArray());
        foreach (var threshold in (double[])[double.MaxValue, 1, 0.5, 0, -1e-9, double.MinValue])
        {
            Assert.Equal(ConfusionMatrix.At(labels, scores, threshold), ranked.At(threshold));
        }
    }

    [Fact]
    public void Of_ManyEqualScores_IsOnePoint()
    {
        var ranked = RankedScores.Of(new byte[10_000], [.. Enumerable.Repeat(0.25, 10_000)]);

        Assert.Equal([0.25], ranked.Scores.ToArray());
        Assert.Equal(10_000, ranked.At(0.25).FalsePositives);
        Assert.Equal(0, ranked.At(0.26).FalsePositives);
    }

    [Fact]
    public void Auroc_LongListOfTies_IsThatOfPairedPlacements()
    {
        var random = new Random(5);
        byte[] labels = [.. Enumerable.Range(0, 20_000).Select(_ => (byte)random.Next(2))];
        double[] scores = [.. labels.Select(label => Math.Round(random.NextDouble() + 0.3 * label, 2))];

        var placements = Placements.Of(labels, scores);
        double sum = 0;
        foreach (var below in placements.NegativesBelow) sum += below;

        Assert.Equal(sum / placements.NegativesBelow.Length / placements.PositivesAbove.Length, Auroc.Compute(labels, scores).Value!.Value, 1e-12);
    }
}
