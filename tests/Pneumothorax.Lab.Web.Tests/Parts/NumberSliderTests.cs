using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Parts;

public sealed class NumberSliderTests : BunitContext
{
    private double _value = 0.36;

    private IRenderedComponent<NumberSlider> Threshold() => Render<NumberSlider>(dial => dial
        .Add(d => d.Label, "Threshold").Add(d => d.Min, 0).Add(d => d.Max, 1).Add(d => d.Step, 0.01).Add(d => d.Format, "0.00")
        .Bind(d => d.Value, _value, value => _value = value));

    [Fact]
    public void Buttons_Pressed_MoveOneStep()
    {
        Threshold().Find("button[aria-label='Threshold: more']").Click();
        Assert.Equal(0.37, _value);
    }

    [Fact]
    public void Slider_Dragged_SetsTheValueAtThatPlace()
    {
        Threshold().Find("input[type=range]").Input("50");
        Assert.Equal(0.5, _value);
    }

    [Fact]
    public void PageUp_OnTheSlider_LeapsTenSteps()
    {
        Threshold().Find("input[type=range]").KeyDown(new KeyboardEventArgs { Key = "PageUp" });
        Assert.Equal(0.46, _value);
    }

    [Fact]
    public void Box_NumberOutOfRange_IsRefusedInWordsAndKept()
    {
        var dial = Threshold();
        dial.Find(".dial-number").Change("7");

        Assert.Equal(0.36, _value);
        Assert.Equal("Threshold must be from 0.00 to 1.00.", dial.Find("[role=alert]").TextContent);
        Assert.Equal("7", dial.Find(".dial-number").GetAttribute("value"));
    }

    [Fact]
    public void Box_Percent_IsReadAsItIsShown()
    {
        var prevalence = 0.05;
        var dial = Render<NumberSlider>(d => d
            .Add(x => x.Label, "How common").Add(x => x.Min, 0.001).Add(x => x.Max, 0.5).Add(x => x.Logarithmic, true).Add(x => x.Step, 0).Add(x => x.Format, "0.## %")
            .Bind(x => x.Value, prevalence, value => prevalence = value));

        Assert.Equal("5 %", dial.Find(".dial-number").GetAttribute("value"));
        dial.Find(".dial-number").Change("12 %");
        Assert.Equal(0.12, prevalence, 12);
    }

    [Theory]
    [InlineData("0,5", 0.5)]
    [InlineData("35 %", 0.35)]
    [InlineData("1/4", 0.25)]
    public void Box_OtherNotations_AreTheSameNumber(string typed, double number)
    {
        Threshold().Find(".dial-number").Change(typed);
        Assert.Equal(number, _value);
    }

    [Theory]
    [InlineData("0,005", 0.005)]
    [InlineData("3e-3", 0.003)]
    public void Box_LogarithmicWithDecimalComma_KeepsItsSize(string typed, double number)
    {
        var rate = 0.05;
        var dial = Render<NumberSlider>(d => d
            .Add(x => x.Label, "Learning rate").Add(x => x.Min, 0.0001).Add(x => x.Max, 10).Add(x => x.Logarithmic, true).Add(x => x.Step, 0)
            .Bind(x => x.Value, rate, value => rate = value));

        dial.Find(".dial-number").Change(typed);

        Assert.Equal(number, rate);
    }

    [Theory]
    [InlineData("1,5", "INDEX is a whole number from 0 to 2,399.")]
    [InlineData("1.500", "INDEX: “1.500” can mean 1.5 or 1500. Write 1500.")]
    public void Box_WholeNumbers_RefuseWhatIsNone(string typed, string problem)
    {
        var index = 7.0;
        var dial = Render<NumberSlider>(d => d.Add(x => x.Label, "INDEX").Add(x => x.Min, 0).Add(x => x.Max, 2399).Bind(x => x.Value, index, value => index = value));

        dial.Find(".dial-number").Change(typed);

        Assert.Equal((7.0, problem), (index, dial.Find("[role=alert]").TextContent));
        dial.Find(".dial-number").Change("1,500");
        Assert.Equal(1500, index);
    }

    [Fact]
    public void Box_NumberBetweenTwoSteps_IsNotRoundedToNothing()
    {
        var dial = Threshold();
        dial.Find(".dial-number").Change("0.004");

        Assert.Equal((0.36, "Threshold goes in steps of 0.01, so 0.004 would become 0."), (_value, dial.Find("[role=alert]").TextContent));
    }

    [Fact]
    public void Problem_IsTold_AndForgottenWhenTheValueIsSetFromElsewhere()
    {
        List<string?> told = [];
        var dial = Render<NumberSlider>(d => d
            .Add(x => x.Label, "Threshold").Add(x => x.Min, 0).Add(x => x.Max, 1).Add(x => x.Step, 0.01).Add(x => x.Format, "0.00").Add(x => x.Value, 0.36).Add(x => x.ProblemChanged, told.Add));

        dial.Find(".dial-number").Change("high");
        dial.Render(d => d.Add(x => x.Value, 0.5));

        Assert.Equal(["Threshold is a number from 0.00 to 1.00.", null], told);
        Assert.Equal("0.50", dial.Find(".dial-number").GetAttribute("value"));
    }
}
