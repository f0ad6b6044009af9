using System.Text.Json;
using FsCheck.Xunit;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Evaluation.Localization;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Tests.Localization;

public sealed class LocalizationTests
{
    private static readonly Reference[] s_cases =
        JsonSerializer.Deserialize<Reference[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Localization", "localization.json")), LabJson.Line)!;

    [Fact]
    public void PredictedBox_Overlaps_AgreeWithScipyAndCountedPixels()
    {
        foreach (var one in s_cases)
        {
            var box = PredictedRegion.Of(one.Map, one.Side, one.Level)?.Box;
            Assert.Equal(one.Box is { } expected ? BoxOf(expected) : null, box);

            var score = LocalizationScore.Of(box, BoxOf(one.Truth), 0, 0);
            Assert.Equal(one.Iou, score.IoU, 1e-12);
            Assert.Equal(one.Iobb, score.IoBB, 1e-12);
        }
        Assert.Contains(s_cases, one => one.Box is null);
    }

    [Fact]
    public void PredictedRegion_BesideAMask_IsScoredByCountedPixels()
    {
        // 4 x 4: the region is the upper left 2 x 2 without its corner below; a second height is not connected.
        float[] map = [4, 3, 0, 0, 3, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0];
        var region = PredictedRegion.Of(map, 4, 0.5)!;
        bool[] truth = [true, true, true, true, .. new bool[12]];

        Assert.Equal(3, region.Inside.Count(inside => inside));
        Assert.Equal(new Box(0, 0, 2, 2), region.Box);
        Assert.Equal(new(2 / 5.0, 2 / 3.0, true), LocalizationScore.Of(region, truth, 4, 0.5, 0.5));
        Assert.Equal(new(0, 0, false), LocalizationScore.Of(region, [.. new bool[12], true, true, true, true], 4, 0.5, 0.5));
        Assert.Equal(default, LocalizationScore.Of(null, truth, 4, 0.5, 0.5));
    }

    [Property]
    public bool IoU_TwoBoxes_IsSymmetricAndBetweenZeroAndOne((sbyte X, sbyte Y, byte Width, byte Height) first, (sbyte X, sbyte Y, byte Width, byte Height) second)
    {
        var (a, b) = (BoxOf(first), BoxOf(second));
        return a.IoU(b) == b.IoU(a) && a.IoU(b) is >= 0 and <= 1;
    }

    [Property]
    public bool IoU_IsOne_OnlyForEqualBoxes((sbyte X, sbyte Y, byte Width, byte Height) first, (sbyte X, sbyte Y, byte Width, byte Height) second)
    {
        var (a, b) = (BoxOf(first), BoxOf(second));
        return a.IoU(a) == 1 && (a.IoU(b) == 1) == (a == b);
    }

    [Property]
    public bool IoBB_TwoBoxes_IsNeverLessThanTheIoU((sbyte X, sbyte Y, byte Width, byte Height) first, (sbyte X, sbyte Y, byte Width, byte Height) second)
    {
        var (a, b) = (BoxOf(first), BoxOf(second));
        return a.IoBB(b) >= a.IoU(b) && a.IoBB(b) <= 1;
    }

    [Property]
    public bool PredictedBox_HigherLevel_LiesInTheBoxOfALowerOne(sbyte[] values, byte low, byte high)
    {
        const int width = 5;
        float[] map = [.. values.Take(values.Length / width * width).Select(value => (float)value)];
        if (map.Length == 0) return true;
        double lower = (Math.Min(low, high) + 1) / 256.0, higher = (Math.Max(low, high) + 1) / 256.0;

        return (PredictedRegion.Of(map, width, lower)?.Box, PredictedRegion.Of(map, width, higher)?.Box) switch
        {
            ({ } wide, { } narrow) => wide.Intersection(narrow) == narrow.Area && narrow.Area >= 1,
            (null, null) => map.Max() <= 0,
            _ => false,
        };
    }

    [Fact]
    public void PredictedBox_TwoHills_TakesTheHigherAloneUntilTheyMeet()
    {
        float[] map = [9, 1, 4, 1, 8];

        Assert.Equal(new Box(0, 0, 1, 1), PredictedRegion.Of(map, 5, 0.5)?.Box);
        Assert.Equal(new Box(0, 0, 5, 1), PredictedRegion.Of(map, 5, 0.1)?.Box);
        Assert.Null(PredictedRegion.Of([-1, 0, -2], 3, 0.5)?.Box);
        Assert.Throws<ArgumentOutOfRangeException>(() => PredictedRegion.Of(map, 5, 0)?.Box);
    }

    [Fact]
    public void Score_NoPredictedBox_FindsNothing() => Assert.Equal(new(0, 0, false), LocalizationScore.Of(null, new(0, 0, 2, 2), 1, 1));

    [Fact]
    public void Summary_ThreeImages_HasMeansSharesAndIntervals()
    {
        var summary = LocalizationSummary.Of([new(0.2, 0.4, true), new(0.5, 0.9, true), new(0, 0, false)])!;

        Assert.Equal((3, 2, 1), (summary.Count, summary.Hits, summary.Overlapping));
        Assert.Equal(0.7 / 3, summary.IoU.Mean, 12);
        Assert.Equal(0.7 / 3 + 1.959963984540054 * 0.145296631, summary.IoU.High!.Value, 6);       // sd 0.251661, over √3
        Assert.Equal(0, summary.IoU.Low);
        Assert.Equal(0.207655, summary.HitInterval.Low, 5);
        Assert.Null(LocalizationSummary.Of([]));
        Assert.Null(LocalizationSummary.Of([new(1, 1, true)])!.IoU.Low);
    }

    private static Box BoxOf((sbyte X, sbyte Y, byte Width, byte Height) sizes) => new(sizes.X, sizes.Y, sizes.X + sizes.Width + 1, sizes.Y + sizes.Height + 1);

    private static Box BoxOf(double[] edges) => new(edges[0], edges[1], edges[2], edges[3]);

    public sealed record Reference(int Side, float[] Map, double Level, double[] Truth, double[]? Box, double Iou, double Iobb);
}
