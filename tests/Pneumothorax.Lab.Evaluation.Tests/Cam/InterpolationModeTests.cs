using Pneumothorax.Lab.Evaluation.Cam;

namespace Pneumothorax.Lab.Evaluation.Tests.Cam;

public sealed class EnlargementTests
{
    private static readonly float[] s_map = [0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, -2];

    [Fact]
    public void Nearest_MakesEachValueASquare()
    {
        var large = InterpolationMode.Nearest.Enlarge(s_map, 4, 8);

        Assert.Equal([8f, 8, 8, 8], [large[2 * 8 + 2], large[2 * 8 + 3], large[3 * 8 + 2], large[3 * 8 + 3]]);
        Assert.Equal(4, large.Count(value => value == 8));
    }

    [Theory]
    [InlineData(InterpolationMode.Nearest)]
    [InlineData(InterpolationMode.Bilinear)]
    [InlineData(InterpolationMode.Bicubic)]
    public void AnEvenMap_StaysEven(InterpolationMode way) =>
        Assert.All(way.Enlarge([.. Enumerable.Repeat(3f, 16)], 4, 32), value => Assert.Equal(3, value, 4));

    [Fact]
    public void Bilinear_StaysBetweenTheValues_AndBicubicOvershoots()
    {
        var (bilinear, bicubic) = (InterpolationMode.Bilinear.Enlarge(s_map, 4, 64), InterpolationMode.Bicubic.Enlarge(s_map, 4, 64));

        Assert.All(bilinear, value => Assert.InRange(value, -2, 8));
        Assert.Contains(bicubic, value => value < -0.3 && value > -2);
        Assert.Contains(bicubic[..(64 * 32)], value => value < -0.3);       // around the peak, where the map itself is 0
    }

    [Fact]
    public void OddFactor_KeepsTheValuesAtTheirCentres()
    {
        foreach (var way in InterpolationModes.All)
        {
            var large = way.Enlarge(s_map, 4, 12);
            Assert.Equal(8, large[4 * 12 + 4], 4);
        }
    }
}
