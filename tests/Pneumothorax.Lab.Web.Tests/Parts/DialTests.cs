using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Tests.Parts;

public sealed class DialTests : BunitContext
{
    private double _value = 0.36;

    private IRenderedComponent<Dial> Threshold() => Render<Dial>(dial => dial
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
        Assert.Equal("Threshold goes from 0.00 to 1.00.", dial.Find("[role=alert]").TextContent);
        Assert.Equal("7", dial.Find(".dial-number").GetAttribute("value"));
    }

    [Fact]
    public void Box_Percent_IsReadAsItIsShown()
    {
        var prevalence = 0.05;
        var dial = Render<Dial>(d => d
            .Add(x => x.Label, "How common").Add(x => x.Min, 0.001).Add(x => x.Max, 0.5).Add(x => x.Logarithmic, true).Add(x => x.Step, 0).Add(x => x.Format, "0.## %")
            .Bind(x => x.Value, prevalence, value => prevalence = value));

        Assert.Equal("5 %", dial.Find(".dial-number").GetAttribute("value"));
        dial.Find(".dial-number").Change("12 %");
        Assert.Equal(0.12, prevalence, 12);
    }
}
