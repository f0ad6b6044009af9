using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

public sealed class ShareDifferenceTests
{
    /// <summary>Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10; published to four digits.</summary>
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(5, 56, 0, 29, -0.0381, 0.1926)]
    [InlineData(10, 10, 0, 20, 0.6791, 1)]
    public void Between_PublishedCases_Agrees(int more, int ofThose, int fewer, int ofThese, double low, double high)
    {
        var difference = ShareDifference.Between((fewer, ofThese), (more, ofThose))!.Value;

        Assert.Equal(low, difference.Low, 5e-5);
        Assert.Equal(high, difference.High, 5e-5);
    }

    [Fact]
    public void Between_NothingTried_IsUndefined() => Assert.Null(ShareDifference.Between((0, 0), (1, 2)));

    [Property]
    public bool Between_Swapped_ChangesTheSignOnly(byte a, byte b, byte c, byte d)
    {
        (int, int) first = (Math.Min(a, b), Math.Max(a, (byte)1) + b), second = (Math.Min(c, d), Math.Max(c, (byte)1) + d);
        ShareDifference there = ShareDifference.Between(first, second)!.Value, back = ShareDifference.Between(second, first)!.Value;

        return Math.Abs(there.Low + back.High) < 1e-12 && Math.Abs(there.High + back.Low) < 1e-12
            && there.Low <= there.Difference && there.Difference <= there.High && there.Low >= -1 - 1e-12 && there.High <= 1 + 1e-12;
    }

    [Fact]
    public void Between_EqualShares_IsWithinDoubt() => Assert.True(ShareDifference.Between((4, 5), (80, 100))!.Value.IsWithinDoubt);
}
