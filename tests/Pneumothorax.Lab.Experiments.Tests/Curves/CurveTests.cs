using FsCheck.Xunit;
using Pneumothorax.Lab.Experiments.Curves;

namespace Pneumothorax.Lab.Experiments.Tests.Curves;

public sealed class CurveTests
{
    [Fact]
    public void Ema_ConstantCurve_StaysWhereItIsFromTheFirstValue() =>
        Assert.All(Smoothing.Ema([2, 2, 2, 2], 0.9), value => Assert.Equal(2, value, 1e-12));

    [Fact]
    public void Ema_FactorZero_LeavesTheCurve() => Assert.Equal([1, 5, -2], Smoothing.Ema([1, 5, -2], 0));

    [Fact]
    public void Ema_TwoValues_WeighsTheLaterOneMore() => Assert.Equal(2.0 / 3, Smoothing.Ema([0, 1], 0.5)[1], 1e-12);

    [Fact]
    public void Ema_InfiniteValue_DoesNotSpoilTheRest() => Assert.Equal(1, Smoothing.Ema([1, double.PositiveInfinity, 1], 0.5)[2], 1e-12);

    [Fact]
    public void Ema_FactorOne_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Smoothing.Ema([1], 1));

    [Property]
    public bool MinMaxBuckets_EveryCurve_KeepsItsExtremesItsEndAndItsPoints(short[] values, byte most)
    {
        var points = values.Select((value, i) => (i + 1, (double)value)).ToList();
        var buckets = MinMaxBuckets.Of(points, most + 1);

        return buckets.Count <= most + 1
            && buckets.Sum(bucket => bucket.Count) == values.Length
            && (values.Length == 0
                || (buckets.Min(bucket => bucket.Min) == values.Min()
                    && buckets.Max(bucket => bucket.Max) == values.Max()
                    && buckets[^1].Last == values[^1]
                    && buckets[^1].Step == values.Length));
    }

    [Fact]
    public void MinMaxBuckets_CurveThatGrows_KeepsTheBucketsItHad()
    {
        var points = Enumerable.Range(1, 4100).Select(step => (step, Math.Sin(step))).ToList();

        var before = MinMaxBuckets.Of(points[..4004], 2002);
        var after = MinMaxBuckets.Of(points[..4100], 2050);

        Assert.Equal(before, after.Take(before.Count));
    }
}
