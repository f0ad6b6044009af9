using FsCheck.Xunit;
using Pneumothorax.Lab.Experiments.Curves;

namespace Pneumothorax.Lab.Experiments.Tests.Curves;

public sealed class CurveTests
{
    [Fact]
    public void Smoothing_ConstantCurve_StaysWhereItIsFromTheFirstValue() => Assert.All(Smooth([2, 2, 2, 2], 0.9), value => Assert.Equal(2, value, 1e-12));

    [Fact]
    public void Smoothing_FactorZero_LeavesTheCurve() => Assert.Equal([1, 5, -2], Smooth([1, 5, -2], 0));

    [Fact]
    public void Smoothing_TwoValues_WeighsTheLaterOneMore() => Assert.Equal(2.0 / 3, Smooth([0, 1], 0.5)[1], 1e-12);

    [Fact]
    public void Smoothing_InfiniteValue_DoesNotSpoilTheRest() => Assert.Equal(1, Smooth([1, double.PositiveInfinity, 1], 0.5)[2], 1e-12);

    [Fact]
    public void Smoothing_FactorOne_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Smoothing(1));

    [Fact]
    public void Smoothing_OverManyValues_ForgetsAsMuchInAllOfThemAsInOne()
    {
        var (one, many) = (new Smoothing(0.5), new Smoothing(0.5));
        for (var i = 0; i < 5000; i++) _ = (one.Next(0), many.Next(0, over: 50));

        for (var i = 0; i < 49; i++) many.Next(1, over: 50);

        Assert.Equal(one.Next(1), many.Next(1, over: 50), 1e-9);
    }

    [Property]
    public bool MinMaxBuckets_EveryCurve_KeepsItsExtremesItsEndAndItsPoints(short[] values, byte most, bool logarithmic, bool closer)
    {
        var points = values.Select((value, i) => (i + 1, (double)value)).ToList();
        var buckets = MinMaxBuckets.Of(points, new(most + 16)
        {
            LogarithmicUntil = logarithmic ? Math.Max(1, values.Length) : null,
            Closer = closer ? (values.Length / 3, values.Length / 2) : null,
        });

        return buckets.Count <= most + 16
            && buckets.Sum(bucket => bucket.Count) == values.Length
            && (values.Length == 0
                || (buckets.Min(bucket => bucket.Min) == values.Min()
                    && buckets.Max(bucket => bucket.Max) == values.Max()
                    && buckets[^1].Last == values[^1]
                    && buckets[^1].Step == values.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MinMaxBuckets_CurveThatGrows_KeepsTheBucketsItHad(bool logarithmic)
    {
        var points = Sine(4100);
        var detail = new CurveDetail { Grows = true, LogarithmicUntil = logarithmic ? 1_000_000 : null };

        var before = MinMaxBuckets.Of(points[..4004], detail);
        var after = MinMaxBuckets.Of(points, detail);

        Assert.True(after.Count > before.Count);
        Assert.Equal(before, after.Take(before.Count));
    }

    [Fact]
    public void MinMaxBuckets_PartOfAMillionSteps_IsDrawnStepByStepAndTheRestStaysInSight()
    {
        var buckets = MinMaxBuckets.Of(Sine(1_000_000), new() { Closer = (600_000, 601_000) });

        var close = buckets.Where(bucket => bucket.Step is >= 600_000 and <= 601_000).ToList();
        Assert.Equal(1001, close.Count);
        Assert.All(close, bucket => Assert.Equal((1, Math.Sin(bucket.Step)), (bucket.Count, bucket.Last)));
        Assert.Equal((1, 1_000_000), (buckets[0].FirstStep, buckets[^1].Step));
        Assert.InRange(buckets.Count, 750, 1500);
    }

    [Fact]
    public void MinMaxBuckets_LogarithmicSteps_KeepTheFirstOnesSingle()
    {
        var buckets = MinMaxBuckets.Of(Sine(1_000_000), new() { LogarithmicUntil = 1_000_000 });

        Assert.All(buckets.Take(100), bucket => Assert.Equal(1, bucket.Count));
        Assert.InRange(buckets.Count, 750, 1500);
    }

    private static List<(int Step, double Value)> Sine(int steps) => [.. Enumerable.Range(1, steps).Select(step => (step, Math.Sin(step)))];

    private static double[] Smooth(double[] values, double factor)
    {
        var smoothing = new Smoothing(factor);
        return [.. values.Select(value => smoothing.Next(value))];
    }
}
