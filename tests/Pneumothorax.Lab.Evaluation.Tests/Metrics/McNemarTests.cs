using System.Numerics;
using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

public sealed class McNemarTests
{
    /// <summary>R's <c>binom.test</c> for the small ones; the last two from whole numbers of any size, as <see cref="Exactly"/>.</summary>
    [Theory]
    [InlineData(5, 15, 0.04138946533203125)]
    [InlineData(0, 6, 0.03125)]
    [InlineData(23, 31, 0.34089094122009733)]
    [InlineData(12, 45, 1.3127443164284713e-05)]
    [InlineData(120, 171, 0.0033087986331269037)]
    [InlineData(900, 1100, 8.457089535503927e-06)]
    [InlineData(49000, 50500, 2.01179972366478e-06)]
    public void ExactP_IsTheBinomialTests(int onlyFirst, int onlySecond, double p)
    {
        Assert.Equal(1, McNemar.ExactP(onlyFirst, onlySecond) / p, 1e-9);
        Assert.Equal(McNemar.ExactP(onlyFirst, onlySecond), McNemar.ExactP(onlySecond, onlyFirst));
    }

    [Fact]
    public void ExactP_EverySmallSplit_IsTheSumOfItsTails()
    {
        for (var tosses = 0; tosses <= 80; tosses++)
        {
            for (var heads = 0; heads <= tosses; heads++) Assert.Equal(Exactly(heads, tosses - heads), McNemar.ExactP(heads, tosses - heads), 1e-12);
        }
    }

    [Fact]
    public void ExactP_NothingToTellThemApart_IsOne() => Assert.Equal(1, McNemar.ExactP(0, 0));

    [Fact]
    public void ExactP_AMillionAgainstNone_IsNeitherNegativeNorNaN() => Assert.Equal(0, McNemar.ExactP(0, 1_000_000));

    [Fact]
    public void ExactP_NegativeCount_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => McNemar.ExactP(-1, 3));

    [Fact]
    public void Counts_SortImagesByWhoIsRight()
    {
        var counts = PairedAnswerCounts.Of([1, 1, 1, 0, 0, 0], [true, true, false, false, true, true], [true, false, true, false, false, true]);

        Assert.Equal(new(BothRight: 2, OnlyFirst: 1, OnlySecond: 2, BothWrong: 1), counts);
    }

    [Property]
    public bool Counts_AnyAnswers_AddUpToTheImages((bool Sick, bool First, bool Second)[] images)
    {
        var counts = PairedAnswerCounts.Of(
            [.. images.Select(image => image.Sick ? (byte)1 : (byte)0)], [.. images.Select(image => image.First)], [.. images.Select(image => image.Second)]);
        return counts.Total == images.Length && counts.BothRight + counts.OnlyFirst == images.Count(image => image.First == image.Sick);
    }

    [Fact]
    public void Holm_IsRsAdjustment()
    {
        // p.adjust(c(0.01, 0.04, 0.03, 0.2), "holm")
        Assert.Equal([0.04, 0.09, 0.09, 0.2], Holm.Adjust([0.01, 0.04, 0.03, 0.2]).Select(p => Math.Round(p, 12)));
        Assert.Empty(Holm.Adjust([]));
    }

    /// <summary>Both tails of the coin's distribution, in whole numbers.</summary>
    private static double Exactly(int onlyFirst, int onlySecond)
    {
        var tosses = onlyFirst + onlySecond;
        BigInteger ways = 1, sum = 1;
        for (var i = 1; i <= Math.Min(onlyFirst, onlySecond); i++)
        {
            ways = ways * (tosses - i + 1) / i;
            sum += ways;
        }
        return Math.Min(1, (double)(2 * sum) / Math.Pow(2, tosses));
    }
}
