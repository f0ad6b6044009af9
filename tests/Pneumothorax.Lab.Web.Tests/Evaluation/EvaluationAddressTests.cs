using FsCheck.Xunit;
using Microsoft.AspNetCore.WebUtilities;
using Pneumothorax.Lab.Web.Evaluation;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

public sealed class EvaluationAddressTests
{
    [Fact]
    public void Of_Threshold_IsShort() => Assert.Equal("/runs/18/evaluation?threshold=0.36", new EvaluationAddress(0.36).Of(18));

    [Fact]
    public void Of_Defaults_HasNoQuery() => Assert.Equal("/runs/18/evaluation", new EvaluationAddress().Of(18));

    [Property]
    public void Parse_OfItsOwnText_IsTheSame(ushort threshold, ushort prevalence)
    {
        var address = new EvaluationAddress(threshold / 65535.0, 0.001 + prevalence / 65535.0 * 0.499);

        Assert.Equal(address, Read(address.Of(18)));
    }

    [Theory]
    [InlineData("abc", "NaN", null, 0.05)]
    [InlineData("7", "0", 1.0, 0.001)]
    [InlineData("-1", "0.9", 0.0, 0.5)]
    public void Parse_Mistyped_OpensAllTheSame(string threshold, string prevalence, double? expected, double expectedPrevalence) =>
        Assert.Equal(new(expected, expectedPrevalence), EvaluationAddress.Parse(threshold, prevalence));

    private static EvaluationAddress Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri("http://lab" + address).Query);
        return EvaluationAddress.Parse(query.GetValueOrDefault("threshold"), query.GetValueOrDefault("prevalence"));
    }
}
