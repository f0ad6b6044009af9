using Pneumothorax.Lab.Classroom.Tasks;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

public sealed class TypedTests
{
    [Theory]
    [InlineData("0.357", 0.357)]
    [InlineData("0,357", 0.357)]
    [InlineData(" 35.7 % ", 0.357)]
    [InlineData("36%", 0.36)]
    [InlineData("5/14", 5.0 / 14)]
    [InlineData("−1.5", -1.5)]
    [InlineData("1e-2", 0.01)]
    public void Number_UsualNotation_IsRead(string typed, double number) => Assert.Equal(number, Typed.Number(typed)!.Value, 12);

    [Theory]
    [InlineData("")]
    [InlineData("about a third")]
    [InlineData("1/0")]
    [InlineData("NaN")]
    [InlineData("0.1.2")]
    public void Number_SomethingElse_IsNone(string typed) => Assert.Null(Typed.Number(typed));

    [Theory]
    [InlineData("1600", 1600)]
    [InlineData("1,600", 1600)]
    [InlineData("5.145.026", 5145026)]
    [InlineData("1 600", 1600)]
    public void Whole_WithThousands_IsRead(string typed, long number) => Assert.Equal(number, Typed.Whole(typed));

    [Theory]
    [InlineData("1,60")]
    [InlineData("0.5")]
    [InlineData("many")]
    public void Whole_Decimal_IsNone(string typed) => Assert.Null(Typed.Whole(typed));

    [Theory]
    [InlineData("[0, 1]", "0 1")]
    [InlineData("(15, 128, 8, 8)", "15 128 8 8")]
    [InlineData("15 × 128 x 8*8", "15 128 8 8")]
    public void Wholes_ShapesAndRows_AreRead(string typed, string numbers) => Assert.Equal(numbers, string.Join(' ', Typed.Wholes(typed)!));

    [Fact]
    public void Wholes_Words_AreNone() => Assert.Null(Typed.Wholes("fifteen by 8"));
}
