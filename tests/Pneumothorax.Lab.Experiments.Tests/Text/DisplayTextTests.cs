using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Experiments.Tests.Text;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(42.4, "42 s")]
    [InlineData(59.6, "1 min 00 s")]
    [InlineData(70, "1 min 10 s")]
    [InlineData(7500, "2 h 05 min")]
    [InlineData(273600, "3 days 4 h")]
    [InlineData(-5, "0 s")]
    public void Exact_NamesTwoUnits(double seconds, string words) => Assert.Equal(words, DisplayText.Exact(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(4, "a few seconds")]
    [InlineData(38, "about 40 seconds")]
    [InlineData(100, "about 2 minutes")]
    [InlineData(240, "about 4 minutes")]
    [InlineData(68400, "about 19 hours")]
    [InlineData(2000000, "about 23 days")]
    public void About_RoundsToOneUnit(double seconds, string words) => Assert.Equal(words, DisplayText.About(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(-1, "a moment")]
    [InlineData(14, "10 s")]
    [InlineData(70, "70 s")]
    [InlineData(700, "12 min")]
    [InlineData(12400, "3 h 30 min")]
    [InlineData(187000, "2 days 4 h")]
    public void Left_IsRoundedAsAGuess(double seconds, string words) => Assert.Equal(words, DisplayText.Left(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(2, 14, "up to 10 seconds")]
    [InlineData(170, 370, "3 to 6 minutes")]
    [InlineData(235, 245, "about 4 minutes")]
    [InlineData(3000, 9000, "1 to 3 hours")]
    public void Between_UsesTheLongerEndsUnit(double least, double most, string words) =>
        Assert.Equal(words, DisplayText.Between(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most)));

    [Theory]
    [InlineData(1, "1st")]
    [InlineData(2, "2nd")]
    [InlineData(3, "3rd")]
    [InlineData(4, "4th")]
    [InlineData(11, "11th")]
    [InlineData(22, "22nd")]
    [InlineData(113, "113th")]
    public void Ordinal_SpeaksEnglish(int place, string words) => Assert.Equal(words, DisplayText.Ordinal(place));

    [Fact]
    public void When_NamesTheDayOnlyIfItIsNotToday()
    {
        var now = new DateTimeOffset(2026, 5, 6, 9, 30, 0, TimeSpan.FromHours(2));       // a Wednesday

        Assert.Equal("09:16", DisplayText.When(now.AddMinutes(-14), now));
        Assert.Equal("yesterday, 23:30", DisplayText.When(now.AddHours(-10), now));
        Assert.Equal("Monday, 09:30", DisplayText.When(now.AddDays(-2), now));
        Assert.Equal("6 Apr 2026, 09:30", DisplayText.When(now.AddDays(-30), now));
        Assert.Equal("09:16", DisplayText.When(now.AddMinutes(-14).ToUniversalTime(), now));
    }

    [Fact]
    public void Bytes_RoundUpBelowAMegabyte()
    {
        Assert.Equal("1 kB", DisplayText.Bytes(1));
        Assert.Equal("2.6 MB", DisplayText.Bytes(2_600_000));
        Assert.Equal("24 MB", DisplayText.Bytes(24_100_000));
        Assert.Equal("1.5 GB", DisplayText.Bytes(1_500_000_000));
    }
}
