using Bunit;
using Bunit.TestDoubles;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Explanation;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pins;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Explanation;

public sealed class ExplanationViewTests : BunitContext
{
    private static readonly IExplanationMethod s_gradCam = ExplanationMethods.Find("grad-cam")!;
    private ExplanationUrlState? _asked;

    public ExplanationViewTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        ComponentFactories.AddStub<PinButton>();        // it needs the class's database
    }

    [Fact]
    public void Open_AnImage_SaysTruthAnswerAndOutcome()
    {
        var page = Show(new() { Index = 4, Threshold = 0.5 });

        Assert.Equal(["HAS", "clear, 0.45", "Missed"], page.FindAll(".verdict dd").Select(part => part.TextContent.Trim()));
        Assert.Contains("0.500 \u2212 0.750 = \u22120.250, the log-odds", page.Markup, StringComparison.Ordinal);
        Assert.Contains("8.0 at row 1, column 2", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OneClassAlone_SaysItsLogit()
    {
        var page = Show(new() { Index = 4, Target = MapTarget.Pneumothorax, Threshold = 0.5 });

        Assert.Contains("0.250 \u2212 0.500 = \u22120.250, the logit", page.Markup, StringComparison.Ordinal);
        Assert.Contains("4.0 at row 1, column 2", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Pin_OffersTheVeryView_WithItsThresholdWrittenOut()
    {
        var seen = Show(new() { Index = 4, Target = MapTarget.NoPneumothorax, Opacity = 40, Threshold = 0.5 }).FindComponent<Stub<PinButton>>().Instance.Parameters.Get(pin => pin.View);

        Assert.Equal("/runs/18/explanation?index=4&class=0&opacity=40&threshold=0.5", seen.Address);
        Assert.StartsWith("Test image 4, run 18: missed, 0.45 at threshold 0.50; map for DOES NOT have", seen.Title, StringComparison.Ordinal);
        Assert.Contains("threshold=", Show(new() { Index = 4 }).FindComponent<Stub<PinButton>>().Instance.Parameters.Get(pin => pin.View).Address, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FilteredToAnOutcome_ShowsTheNearestOfThem()
    {
        var page = Show(new() { Index = 0, Show = Outcome.Found, Threshold = 0.5 });

        Assert.Contains("Test image 7:", page.Find(".figure").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Contains("of 3 found", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoImageOfThatOutcome_OffersAll()
    {
        var page = Show(new() { Show = Outcome.Missed, Threshold = 0.01 });

        Assert.Contains("None missed", page.Markup, StringComparison.Ordinal);
        page.Find("button").Click();
        Assert.Null(_asked!.Show);
    }

    [Theory]
    [InlineData("ArrowRight", 5)]
    [InlineData("ArrowLeft", 3)]
    [InlineData("End", 9)]
    [InlineData("Home", 0)]
    [InlineData("PageUp", 9)]
    public void Press_KeyOnTheFigure_GoesThroughTheImages(string key, int expected)
    {
        Show(new() { Index = 4 }).Find(".figure").KeyDown(key);

        Assert.Equal(expected, _asked?.Index);
    }

    [Fact]
    public void Press_TwoOnTheFigure_AsksForTheOtherClass()
    {
        Show(new() { Index = 4 }).Find(".figure").KeyDown("2");

        Assert.Equal(new ExplanationUrlState { Index = 4, Target = MapTarget.NoPneumothorax }, _asked);
    }

    [Fact]
    public void Press_ArrowInAFilter_StaysInIt()
    {
        Show(new() { Index = 4, Show = Outcome.FalseAlarm, Threshold = 0.42 }).Find(".figure").KeyDown("ArrowRight");

        Assert.Equal(6, _asked?.Index);
    }

    [Fact]
    public void Choose_Outcome_NamesTheImageThatIsThenShown()
    {
        var page = Show(new() { Index = 4, Threshold = 0.5 });

        page.FindAll(".outcomes input")[1].Change(true);

        Assert.Equal(new ExplanationUrlState { Index = 7, Show = Outcome.Found, Threshold = 0.5 }, _asked);
    }

    [Fact]
    public void Open_NothingPositive_SaysThereIsNoEvidence()
    {
        var page = Show(new(), SampleEvaluations.Of(cam: (_, _, _) => -1));

        Assert.Contains("no value of the map is above 0", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotMatch("See image [0-9]+ on its own scale", page.Markup);                 // no faint map to show
    }

    [Fact]
    public void Open_DataSetGone_KeepsTheNumbersAndSaysWhatToDo()
    {
        var page = Show(new() { Index = 4 });

        Assert.Contains("The data set “sample” is no longer registered.", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("img"));
        Assert.Contains("the log-odds", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoFeatureMapsKept_OffersTheStoredMethodAlone()
    {
        var methods = Show(new() { Index = 4 }).FindAll("input[type=radio]").Where(input => input.ParentElement!.GetAttribute("title")?.Contains("feature maps", StringComparison.Ordinal) == true);

        Assert.Equal(3, methods.Count());
        Assert.All(methods, input => Assert.True(input.HasAttribute("disabled")));
    }

    [Fact]
    public void Open_MethodWithoutTheImagesFeatureMaps_SaysWhyAndLeadsToTheNearest()
    {
        var page = Show(new() { Index = 5, Method = s_gradCam }, SampleEvaluations.Of(kept: [2, 8]));

        Assert.Contains("contains those of only 2 images", page.Markup, StringComparison.Ordinal);
        page.FindAll("button").First(button => button.TextContent.Contains("Go to image", StringComparison.Ordinal)).Click();
        Assert.Equal(new ExplanationUrlState { Index = 2, Method = s_gradCam }, _asked);
    }

    [Fact]
    public void Open_GradCam_IsTheCamsPositivePartOverItsPlaces()
    {
        var page = Show(new() { Index = 8, Method = s_gradCam }, SampleEvaluations.Of(kept: [2, 8]));

        Assert.Contains("1.0 at row 1, column 2", page.Markup, StringComparison.Ordinal);            // 16 over 16 places
        Assert.Contains("the same picture, computed in another way", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("the log-odds</dd>", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Press_ArrowAmongThoseWithFeatureMaps_StaysAmongThem()
    {
        Show(new() { Index = 2, KeptOnly = true }, SampleEvaluations.Of(kept: [2, 8])).Find(".figure").KeyDown("ArrowRight");

        Assert.Equal(8, _asked?.Index);
    }

    [Fact]
    public void Press_ShiftAndArrow_IsLeftToTheReadOut()
    {
        Show(new() { Index = 4 }).Find(".figure").KeyDown(new Microsoft.AspNetCore.Components.Web.KeyboardEventArgs { Key = "ArrowRight", ShiftKey = true });

        Assert.Null(_asked);
    }

    [Fact]
    public void Open_ImageWithoutTheFinding_HasNoBoxToMeet()
    {
        Assert.Contains("does not have a pneumothorax, so there is no true box", Show(new() { Index = 0 }).Markup, StringComparison.Ordinal);
        Assert.Contains("No true box is known for this image", Show(new() { Index = 4 }).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_Colours_GoOutAsAnAddress()
    {
        var page = Show(new() { Index = 4 });

        page.FindAll(".colours input")[3].Change(true);

        Assert.Equal(ColourMap.Jet, _asked?.Colours);
        Assert.Contains("Jet (misleading)", page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<ExplanationView> Show(ExplanationUrlState address, RunEvaluation? evaluation = null) =>
        Render<ExplanationView>(parameters => parameters
            .Add(view => view.RunId, 18).Add(view => view.Evaluation, evaluation ?? SampleEvaluations.Of())
            .Add(view => view.Problem, "The data set “sample” is no longer registered.")
            .Add(view => view.Address, address).Add(view => view.AddressChanged, asked => _asked = asked));
}
