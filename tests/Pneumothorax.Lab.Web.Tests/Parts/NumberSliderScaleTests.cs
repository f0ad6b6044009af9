using FsCheck.Xunit;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Parts;

public sealed class NumberSliderScaleTests
{
    private static readonly NumberSliderScale s_rate = new(0.0001, 1, 0, Logarithmic: true);
    private static readonly NumberSliderScale s_threshold = new(0, 1, 0.01, Logarithmic: false);

    [Property]
    public bool ValueAt_AnyPlace_StaysOnTheScale(int place)
    {
        var somewhere = Math.Abs(place % 1001);
        return s_rate.ValueAt(somewhere) is >= 0.0001 and <= 1;
    }

    [Property]
    public bool PlaceOf_ValueOfALinearScale_LeadsBackToIt(int step)
    {
        var value = s_threshold.ValueAt(Math.Abs(step % 101));
        return s_threshold.ValueAt(s_threshold.PlaceOf(value)) == value;
    }

    [Theory]
    [InlineData(0.02, true, 0.05)]
    [InlineData(0.05, true, 0.1)]
    [InlineData(0.013, false, 0.01)]
    [InlineData(0.0001, false, 0.0001)]
    [InlineData(1, true, 1)]
    public void Next_LogarithmicScale_GoesOneTwoFive(double from, bool up, double to) => Assert.Equal(to, s_rate.Next(from, up));

    [Fact]
    public void Next_LinearScale_LeavesNoDustOfBinaryFractions() => Assert.Equal(0.3, new NumberSliderScale(0, 1, 0.1, false).Next(0.2, up: true));
}
