namespace Pneumothorax.Lab.Evaluation.Tests;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.17, "17 %")]
    [InlineData(0.9869, "98.7 %")]
    [InlineData(0.999999, "over 99.9 %")]
    [InlineData(0.00001, "under 0.1 %")]
    [InlineData(1.0, "100 %")]
    [InlineData(0.0, "0 %")]
    public void Percent_Share_IsFinerTowardsTheEnds(double share, string expected) => Assert.Equal(expected, Figures.Percent(share));

    [Fact]
    public void Figure_WithoutValue_SaysSo() => Assert.Equal("not defined", Figures.Figure(null));
}
