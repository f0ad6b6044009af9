using FsCheck.Xunit;
using Microsoft.AspNetCore.WebUtilities;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.OperatingPoints;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

public sealed class EvaluationAddressTests
{
    [Fact]
    public void Of_Threshold_IsShort() => Assert.Equal("/runs/18/evaluation?threshold=0.36", new EvaluationUrlState(0.36).Of(18));

    [Fact]
    public void Of_Defaults_HasNoQuery() => Assert.Equal("/runs/18/evaluation", new EvaluationUrlState().Of(18));

    [Property]
    public void Parse_OfItsOwnText_IsTheSame(ushort threshold, ushort prevalence)
    {
        var address = new EvaluationUrlState(threshold / 65535.0, 0.001 + prevalence / 65535.0 * 0.499);

        Assert.Equal(address, Read(address.Of(18)));
    }

    [Fact]
    public void Of_FrozenPoint_SaysHowItWasChosen() =>
        Assert.Equal("/runs/18/evaluation?rule=cost:10:0.02&frozen=0.36", new EvaluationUrlState(Frozen: 0.36) { Rule = new OperatingRule.Cost(10, 0.02) }.Of(18));

    [Property]
    public void Parse_OfAnyRulesText_IsTheSame(byte kind, ushort number, ushort frozen)
    {
        OperatingRule rule = (kind % 5) switch
        {
            0 => new OperatingRule.Youden(),
            1 => new OperatingRule.Sensitivity(number / 65535.0),
            2 => new OperatingRule.Specificity(number / 65535.0),
            3 => new OperatingRule.Cost(0.01 + number / 66.0),
            _ => new OperatingRule.Cost(0.01 + number / 66.0, 0.001 + frozen / 65535.0 * 0.499),
        };
        var address = new EvaluationUrlState(null, 0.1, frozen / 65535.0) { Rule = rule };

        Assert.Equal(address, Read(address.Of(18)));
    }

    [Theory]
    [InlineData("nonsense", "youden")]
    [InlineData("sensitivity:7", "sensitivity:1")]
    [InlineData("sensitivity:", "youden")]
    [InlineData("cost:0", "cost:0.01")]
    [InlineData("cost:5:x", "youden")]
    [InlineData("cost:5:7", "cost:5:0.99")]
    public void Parse_MistypedRule_OpensAllTheSame(string typed, string expected) =>
        Assert.Equal(expected, OperatingPoint.Word(EvaluationUrlState.Parse(null, null, typed, "x").Rule));

    [Theory]
    [InlineData("abc", "NaN", null, 0.05)]
    [InlineData("7", "0", 1.0, 0.001)]
    [InlineData("-1", "0.9", 0.0, 0.5)]
    public void Parse_Mistyped_OpensAllTheSame(string threshold, string prevalence, double? expected, double expectedPrevalence) =>
        Assert.Equal(new(expected, expectedPrevalence), EvaluationUrlState.Parse(threshold, prevalence));

    private static EvaluationUrlState Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri("http://lab" + address).Query);
        return EvaluationUrlState.Parse(query.GetValueOrDefault("threshold"), query.GetValueOrDefault("prevalence"), query.GetValueOrDefault("rule"), query.GetValueOrDefault("frozen"));
    }
}
