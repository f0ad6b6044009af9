using Bunit;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Parts;

public sealed class ChoiceTests : BunitContext
{
    [Fact]
    public void Option_Chosen_IsReportedAndMarked()
    {
        var value = "train";
        var choice = Render<SegmentedControl<string>>(c => c
            .Add(x => x.Label, "Split")
            .Add(x => x.Options, [new SegmentOption<string>("train", "Training"), new SegmentOption<string>("test", "Test")])
            .Bind(x => x.Value, value, chosen => value = chosen!));

        choice.FindAll("input")[1].Change("on");

        Assert.Equal("test", value);
    }

    [Fact]
    public void Options_OfOneChoice_AreOneGroupForTheKeyboard()
    {
        var choice = Render<SegmentedControl<int>>(c => c.Add(x => x.Options, [new SegmentOption<int>(1, "One"), new SegmentOption<int>(2, "Two")]).Add(x => x.Value, 2));

        Assert.Single(choice.FindAll("input").Select(input => input.GetAttribute("name")).Distinct());
        Assert.True(choice.FindAll("input")[1].HasAttribute("checked"));
    }
}
