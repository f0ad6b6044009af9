using FsCheck.Xunit;
using Microsoft.AspNetCore.WebUtilities;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Explanation;

public sealed class ExplanationAddressTests
{
    [Fact]
    public void Of_EverythingSet_NamesIt()
    {
        var address = new ExplanationUrlState { Index = 40, Target = MapTarget.NoPneumothorax, Opacity = 50, Colours = ColourMap.Jet, OwnScale = true, Show = Outcome.FalseAlarm, Threshold = 0.36, Method = ExplanationMethods.All[1], KeptOnly = true, Level = 30 };

        Assert.Equal("/runs/18/explanation?index=40&class=0&method=grad-cam&opacity=50&colours=jet&scale=own&show=false-alarm&only=kept&level=30&threshold=0.36", address.Of(18));
        Assert.Equal(address, Read(address.Of(18)));
    }

    [Property]
    public void Parse_OfItsOwnText_IsTheSame(ushort index, byte target, byte opacity, byte colours, bool own, byte show, ushort threshold, byte method, bool kept, byte level)
    {
        var address = new ExplanationUrlState
        {
            Index = index,
            Target = MapTargets.All[target % MapTargets.All.Count],
            Opacity = opacity % 101,
            Colours = ColourMap.All[colours % ColourMap.All.Count],
            OwnScale = own,
            Show = show % 5 == 4 ? null : Outcomes.All[show % 5],
            Method = ExplanationMethods.All[method % ExplanationMethods.All.Count],
            KeptOnly = kept,
            Level = 5 + level % 96,
            Threshold = threshold == 0 ? null : threshold / 65535.0,
        };

        Assert.Equal(address, Read(address.Of(18)));
    }

    [Fact]
    public void Parse_Mistyped_OpensAllTheSame() =>
        Assert.Equal(new() { Opacity = 100 }, ExplanationUrlState.Parse("-3", "7", "900", "rainbow", "both", "everything", "high", "saliency", "some", "half"));

    [Fact]
    public void Picture_OfTheMap_DoesNotDependOnOpacity()
    {
        var address = new ExplanationUrlState();

        Assert.Equal(address.Picture(18, 4, mapOnly: true), (address with { Opacity = 10 }).Picture(18, 4, mapOnly: true));
        Assert.Equal("/api/runs/18/cam/4.png?class=difference&colours=inferno&scale=all&opacity=0.1", (address with { Opacity = 10 }).Picture(18, 4, mapOnly: false));
    }

    [Theory]
    [InlineData(null, MapTarget.Difference)]
    [InlineData("1", MapTarget.Pneumothorax)]
    [InlineData("0", MapTarget.NoPneumothorax)]
    public void Parse_Class_NamesOneMap_AndTheDifferenceWithoutIt(string? word, MapTarget target) =>
        Assert.Equal(target, ExplanationUrlState.Parse(null, word, null, null, null, null, null, null, null, null).Target);

    private static ExplanationUrlState Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri("http://lab" + address).Query);
        string? Value(string name) => query.GetValueOrDefault(name);
        return ExplanationUrlState.Parse(Value("index"), Value("class"), Value("opacity"), Value("colours"), Value("scale"), Value("show"), Value("threshold"),
            Value("method"), Value("only"), Value("level"));
    }
}
