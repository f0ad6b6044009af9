using Bunit;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Runs.Tests.Comparison;
using Pneumothorax.Lab.Web.Comparison;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Comparison;

public sealed class CompareImagesTests : BunitContext
{
    [Fact]
    public void Maps_AreOfTheChosenTarget_OnAScaleOfItsOwn()
    {
        var runs = Disagreements.Find([SampleRuns.Of(0), SampleRuns.Of(1, scores: SampleRuns.Reversed)], atHalf: true)!;
        MapTarget? chosen = null;
        var page = Render<CompareImages>(parameters => parameters.Add(images => images.Images, runs).Add(images => images.TargetChanged, target => chosen = target));
        Expect(MapTarget.Difference, "class=difference");
        Assert.Contains("Difference maps", page.Markup, StringComparison.Ordinal);

        page.FindAll(".switches label").Single(label => label.TextContent.Trim() == "DOES NOT have").QuerySelector("input")!.Change("on");
        Assert.Equal(MapTarget.NoPneumothorax, chosen);
        page.Render(parameters => parameters.Add(images => images.Target, chosen!.Value));

        Expect(MapTarget.NoPneumothorax, "class=0");
        Assert.Contains("Maps of DOES NOT have alone", page.Markup, StringComparison.Ordinal);

        // Where no map has a value above 0, there is no scale that all could share.
        void Expect(MapTarget target, string word)
        {
            var highest = runs.Runs.Max(run => run.Evaluation!.CamMaximum(target));
            var end = $".png?{word}" + (highest > 0 ? FormattableString.Invariant($"&highest={highest:R}") : "");
            page.WaitForAssertion(() => Assert.All(Maps(page), map => Assert.EndsWith(end, map, StringComparison.Ordinal)), TimeSpan.FromSeconds(10));
        }
    }

    private static List<string> Maps(IRenderedComponent<CompareImages> page) =>
        [.. page.FindAll(".films [data-run] img").Select(image => image.GetAttribute("src")!)];
}
