using System.Globalization;
using FsCheck.Xunit;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Experiments.Tests.Text;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("0.005", 0.005)]
    [InlineData("0,005", 0.005)]
    [InlineData("0,003", 0.003)]
    [InlineData("1,5", 1.5)]
    [InlineData(",5", 0.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1.234", 1.234)]
    [InlineData("1234,567", 1234.567)]
    [InlineData("1,600.5", 1600.5)]
    [InlineData("1.600,5", 1600.5)]
    [InlineData("1 600,5", 1600.5)]
    [InlineData("1\u00a0600", 1600)]
    [InlineData("1\u202f600", 1600)]
    [InlineData("1’600.25", 1600.25)]
    [InlineData("1_600", 1600)]
    [InlineData("1,234,567", 1234567)]
    [InlineData("5.145.026", 5145026)]
    [InlineData(" 35.7 % ", 0.357)]
    [InlineData("36%", 0.36)]
    [InlineData("5/14", 5.0 / 14)]
    [InlineData("1 / 3", 1.0 / 3)]
    [InlineData("1,5/3", 0.5)]
    [InlineData("\u22121.5", -1.5)]
    [InlineData("- 1,5", -1.5)]
    [InlineData("+2", 2)]
    [InlineData("1e-2", 0.01)]
    [InlineData("5E\u22123", 0.005)]
    [InlineData("1,5e3", 1500)]
    [InlineData("2×10^-3", 0.002)]
    [InlineData("10^-3", 0.001)]
    public void Read_EveryUsualNotation_IsRead(string typed, double number) => Assert.Equal(number, NumberText.Read(typed).Value!.Value, 12);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("about a third")]
    [InlineData("0.1.2")]
    [InlineData("1 5")]
    [InlineData("1,23,456")]
    [InlineData("0,005.5")]
    [InlineData("1,600,")]
    [InlineData("1/0")]
    [InlineData("1/2/3")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("--1")]
    [InlineData("0x10")]
    [InlineData("%")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("e5")]
    public void Read_SomethingElse_IsNone(string? typed) => Assert.Equal(default, NumberText.Read(typed));

    [Theory]
    [InlineData("1,600", "“1,600” can mean 1.6 or 1600. Write 1.6 or 1600.")]
    [InlineData("-12,345", "“-12,345” can mean -12.345 or -12345. Write -12.345 or -12345.")]
    [InlineData("1,500 %", "“1,500 %” can mean 1.5 % or 1500 %. Write 1.5 % or 1500 %.")]
    [InlineData("1/1,000", "“1/1,000” can mean 1 or 0.001. Write 1 or 0.001.")]
    public void Read_WhatCanMeanTwoNumbers_IsNotGuessed(string typed, string problem)
    {
        var reading = NumberText.Read(typed);
        Assert.Equal((null, problem), (reading.Value, reading.Problem));
    }

    [Theory]
    [InlineData("1600", 1600)]
    [InlineData("1,600", 1600)]
    [InlineData("1 600", 1600)]
    [InlineData("1e3", 1000)]
    [InlineData("5,145,026", 5145026)]
    public void ReadWhole_AsPagesWriteIt_IsRead(string typed, double number) => Assert.Equal(number, NumberText.ReadWhole(typed).Value);

    [Theory]
    [InlineData("1,5", null)]
    [InlineData("0.5", null)]
    [InlineData("300 %", null)]
    [InlineData("1,60", null)]
    [InlineData("1.600", "“1.600” can mean 1.6 or 1600. Write 1600.")]
    [InlineData("1.000", "“1.000” can mean 1 or 1000. Write 1 or 1000.")]
    public void ReadWhole_AnythingElse_IsNone(string typed, string? problem)
    {
        var reading = NumberText.ReadWhole(typed);
        Assert.Equal((null, problem), (reading.Value, reading.Problem));
    }

    [Theory]
    [InlineData("5 %", 0.05)]
    [InlineData("5", 0.05)]
    [InlineData("12,5", 0.125)]
    [InlineData("0.05", 0.05)]      // 0.05 % is out of range
    [InlineData("1/3", 1.0 / 3)]
    public void ReadShare_InAPercentBox_IsAShare(string typed, double share) => Assert.Equal(share, NumberText.ReadShare(typed, 0.001, 0.5).Value!.Value, 12);

    [Fact]
    public void ReadShare_WithoutThePercentSignWhereBothFit_AsksForIt()
    {
        var reading = NumberText.ReadShare("0,2", 0.001, 0.5);
        Assert.Equal((null, "“0,2” can mean 0.2 % or 20 %. Write the percent sign."), (reading.Value, reading.Problem));
    }

    /// <summary>What the lab writes, with a point or a comma, is read as that number or refused: never as another.</summary>
    [Property]
    public bool Read_AnyNumberWithPointOrComma_IsThatNumberOrRefused(double number)
    {
        if (!double.IsFinite(number)) return true;
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return NumberText.Read(text).Value == number && NumberText.Read(text.Replace('.', ',')).Value is var comma && (comma is null || comma == number);
    }

    [Property]
    public bool Read_AnyDecimals_KeepTheirOrderOfMagnitude(int digits, byte places)
    {
        var number = digits / Math.Pow(10, places % 9);
        var text = number.ToString($"F{places % 9}", CultureInfo.InvariantCulture);
        return new[] { text, text.Replace('.', ','), $" {text} ", text.Replace('-', '−') }
            .All(written => NumberText.Read(written) is var reading && (reading.Value is { } value ? Math.Abs(value - number) <= 1e-9 * Math.Abs(number) : reading.Problem is not null));
    }

    [Property]
    public bool ReadWhole_AnyWholeNumberAsPagesWriteIt_IsRead(int number) =>
        NumberText.ReadWhole(number.ToString("#,##0", CultureInfo.InvariantCulture)).Value == number
        && NumberText.ReadWhole(number.ToString(CultureInfo.InvariantCulture)).Value == number;

    [Property]
    public bool Read_AnyText_NeverThrows(string? text) =>
        NumberText.Read(text).Value is null or not double.NaN && NumberText.ReadWhole(text).Value is null or not double.NaN && NumberText.ReadShare(text, 0, 1).Value is null or not double.NaN;
}
