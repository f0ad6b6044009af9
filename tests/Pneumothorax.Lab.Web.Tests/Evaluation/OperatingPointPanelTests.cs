using Bunit;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

public sealed class OperatingPointPanelTests : BunitContext
{
    private EvaluationUrlState? _asked;

    public OperatingPointPanelTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void ChooseAKind_GoesOutAsARuleAndLetsTheThresholdFollow()
    {
        var panel = Show(new(0.9));

        panel.FindAll("input[type=radio]")[1].Change(true);

        Assert.Equal(new() { Rule = new OperatingRule.Sensitivity(0.95) }, _asked);
    }

    [Fact]
    public void TypeAWantedSensitivity_TakesIt()
    {
        var panel = Show(new() { Rule = new OperatingRule.Sensitivity(0.95) });

        panel.Find("input[aria-label='Sensitivity'].dial-number").Change("0.7");

        Assert.Equal(new OperatingRule.Sensitivity(0.7), _asked?.Rule);
    }

    [Fact]
    public void Costs_ShowWhatErrorsCostAndTakeAPrevalence()
    {
        var panel = Show(new() { Rule = new OperatingRule.Cost(3) });

        // At 0.55 one of six healthy is alarmed and nobody missed: 1 of 10 images costs a false alarm.
        Assert.Contains("Errors on 1,000 people cost as much as 100 false alarms.", panel.Markup, StringComparison.Ordinal);
        panel.Find("input[aria-label='Prevalence'].dial-number").Change("2");
        Assert.Equal(new OperatingRule.Cost(3, 0.02), _asked?.Rule);
    }

    [Fact]
    public void NotFrozen_TestIsNotReadYet_AndFreezingKeepsTheThreshold()
    {
        var panel = Show(new(0.2) { Rule = new OperatingRule.Sensitivity(0.7) });

        Assert.Equal(["0.75"], Stands(panel));
        Assert.Equal(["75 %", "100 %"], Rates(panel));                  // on validation alone
        Assert.Contains("Not compared yet", panel.Markup, StringComparison.Ordinal);
        panel.Find("button.filled").Click();

        Assert.Equal(new(Frozen: 0.75) { Rule = new OperatingRule.Sensitivity(0.7) }, _asked);
    }

    [Fact]
    public void Frozen_TestStandsBesideValidation_WithItsDeparture()
    {
        var panel = Show(new(Frozen: 0.55) { Rule = new OperatingRule.Sensitivity(1) });

        // Validation: 5, 7, 8, 9 HAVE it. Test: 4, 7, 8, 9.
        Assert.Equal(["0.55", "0.55", "0.55"], Stands(panel));
        Assert.Equal(["100 %", "83 %", "75 %", "67 %"], Rates(panel));
        Assert.Contains("25.0 points below the result on validation (95 % interval 69.9 below to 28.1 above): within the uncertainty.", panel.Markup, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("input[type=radio]"));               // what is frozen is not chosen any more
        panel.Find("button").Click();
        Assert.Equal(new() { Rule = new OperatingRule.Sensitivity(1) }, _asked);
    }

    [Fact]
    public void Frozen_ByARuleThatNowChoosesElsewhere_SaysSo() =>
        Assert.Contains("the same rule chooses 0.55", Show(new(Frozen: 0.3)).Markup, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "This run has no validation images")]
    [InlineData("1111111111", "All 10 validation images HAVE it")]
    public void NothingToChooseOn_SaysSo_AndOffersNothingElse(string validationLabels, string expected)
    {
        var panel = Show(new(), validationLabels);

        Assert.Contains(expected, panel.Markup, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll("button, input"));
    }

    [Fact]
    public void FrozenElsewhere_WithoutValidation_IsReadOnTestAlone()
    {
        var panel = Show(new(Frozen: 0.55), validationLabels: "");

        Assert.Equal(["75 %", "67 %"], Rates(panel));
        Assert.DoesNotContain(panel.FindAll(".departure"), sentence => sentence.TextContent.Length > 0);
    }

    private IRenderedComponent<OperatingPointPanel> Show(EvaluationUrlState address, string validationLabels = "0000010111") => Render<OperatingPointPanel>(parameters => parameters
        .Add(panel => panel.Model, new EvaluationModel(SampleEvaluations.Of(validationLabels: validationLabels), 18))
        .Add(panel => panel.Address, address)
        .Add(panel => panel.AddressChanged, changed => _asked = changed));

    private static List<string> Stands(IRenderedComponent<OperatingPointPanel> panel) => [.. panel.FindAll(".stands b").Select(stands => stands.TextContent)];

    private static List<string> Rates(IRenderedComponent<OperatingPointPanel> panel) => [.. panel.FindAll(".rate b").Select(rate => rate.TextContent)];
}
