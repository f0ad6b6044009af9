using Bunit;
using Pneumothorax.Lab.Datasets.Phantoms;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Parts;

public sealed class ChoiceTests : BunitContext
{
    [Fact]
    public void Option_Chosen_IsReportedAndMarked()
    {
        var value = "train";
        var choice = Render<Choice<string>>(c => c
            .Add(x => x.Label, "Split")
            .Add(x => x.Options, [new ChoiceOption<string>("train", "Training"), new ChoiceOption<string>("test", "Test")])
            .Bind(x => x.Value, value, chosen => value = chosen!));

        choice.FindAll("input")[1].Change("on");

        Assert.Equal("test", value);
    }

    [Fact]
    public void Options_OfOneChoice_AreOneGroupForTheKeyboard()
    {
        var choice = Render<Choice<int>>(c => c.Add(x => x.Options, [new ChoiceOption<int>(1, "One"), new ChoiceOption<int>(2, "Two")]).Add(x => x.Value, 2));

        Assert.Single(choice.FindAll("input").Select(input => input.GetAttribute("name")).Distinct());
        Assert.True(choice.FindAll("input")[1].HasAttribute("checked"));
    }
}
