using Bunit;
using Bunit.TestDoubles;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Phantoms;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Slices;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Failures;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Pins;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Failures;

public sealed class FailuresViewTests : BunitContext, IClassFixture<FailuresViewTests.Phantoms>
{
    private readonly Phantoms _phantoms;
    private readonly RunEvaluation _evaluation;
    private FailuresUrlState? _asked;

    public FailuresViewTests(Phantoms phantoms)
    {
        _phantoms = phantoms;
        JSInterop.Mode = JSRuntimeMode.Loose;
        ComponentFactories.AddStub<PinButton>();        // it needs the class's database
        var test = phantoms.Test;
        var labels = string.Concat(Enumerable.Range(0, test.Count).Select(i => test.HasPneumothorax(i) ? '1' : '0'));
        _evaluation = SampleEvaluations.Of(labels, scores: [.. labels.Select((label, i) => 0.1 + (label == '1' ? 0.1 : 0) + 0.7 * (i * 37 % 101) / 101)]);
    }

    [Fact]
    public void Open_WithoutAnything_ShowsTheMistakes()
    {
        var page = Show(new() { Threshold = 0.45 });

        var cells = _evaluation.ConfusionAt(0.45);
        var wrong = cells.FalseNegatives + cells.FalsePositives;
        Assert.Equal($"{wrong} mistakes", page.Find("h2.heading").TextContent);
        Assert.Equal(Math.Min(wrong, RankedFailures.OnePage), page.FindAll(".cards > li").Count);
        Assert.DoesNotContain(page.FindComponents<FailureCard>(), card => card.Instance.Outcome.IsRight());
    }

    [Fact]
    public void Open_All_DrawsAPageOfThem_ByLoss()
    {
        var page = Show(new() { Show = FailureFilter.All });

        Assert.Equal(RankedFailures.OnePage, page.FindAll(".cards > li").Count);
        Assert.Equal($"1 of {_phantoms.Test.Count}", page.Find(".cards dl div:nth-child(3) dd").TextContent);
        Assert.Contains("page=2", page.Find(".pager a").GetAttribute("href"), StringComparison.Ordinal);
        var losses = page.FindComponents<FailureCard>().Select(card => card.Instance.Loss).ToList();
        Assert.Equal(losses.OrderDescending(), losses);
    }

    [Fact]
    public void Card_OpensItsImage_AndOffersItForPinning()
    {
        var page = Show(new() { Threshold = 0.45, Show = FailureFilter.Missed, Slice = "drain:no" });

        var card = page.FindComponents<FailureCard>()[0].Instance;
        var address = new ExplanationUrlState { Index = card.Index, Threshold = 0.45 }.Of(18);
        Assert.Equal(address, page.Find(".cards .open").GetAttribute("href"));
        var pin = page.FindComponents<Stub<PinButton>>()[1].Instance.Parameters.Get(button => button.View);
        Assert.Equal(address, pin.Address);
        Assert.StartsWith($"Test image {card.Index}, run 18: missed, 0.", pin.Title, StringComparison.Ordinal);
        Assert.Contains("; Chest drain: no. Synthetic", pin.Title, StringComparison.Ordinal);
        Assert.Equal(page.Find(".cards img").GetAttribute("src"), pin.Picture);
        Assert.All(page.FindComponents<FailureCard>(), shown => Assert.Equal("no", _phantoms.Test.Attributes(shown.Instance.Index)["drain"]));
    }

    [Fact]
    public void MapsOff_ShowsTheXRaysAlone()
    {
        Assert.Contains("/api/runs/18/cam/", Show(new()).Find(".cards img").GetAttribute("src"), StringComparison.Ordinal);
        Assert.StartsWith("/api/datasets/phantoms/test/", Show(new() { Maps = false }).Find(".cards img").GetAttribute("src"), StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_Slice_GoesOutAsAnAddress_FromTheFirstPage()
    {
        Show(new() { Threshold = 0.45, Page = 2 }).FindAll(".slices tbody a").First(link => link.TextContent == "Chest drain: yes").Click();

        Assert.Equal(new FailuresUrlState { Threshold = 0.45, Slice = "drain:yes" }, _asked);
    }

    [Fact]
    public void Sort_ByDisagreement_TakesTheFirstOtherRun_AndCardsSayWhatItSays()
    {
        var other = new Run { Id = 4, Name = "Slower", Dataset = "phantoms", Network = "lite" };
        var page = Show(new() { Threshold = 0.45 }, others: [other]);

        page.Find("#failure-sort").Change("disagreement");
        Assert.Equal(new FailuresUrlState { Threshold = 0.45, Sort = FailureSort.Disagreement, Other = 4 }, _asked);

        var scores = _evaluation.Scores.Select(score => 1 - score).ToArray();
        var labels = string.Concat(_evaluation.File.Labels);
        page = Show(_asked!, others: [other], chosen: new(other, SampleEvaluations.Of(labels, scores: scores)));
        Assert.Contains("run 4 says 0.", page.Find(".cards").TextContent, StringComparison.Ordinal);

        page = Show(_asked!, others: [other], chosen: new(other, SampleEvaluations.Of(labels, scores: scores, dataHash: "another")));
        Assert.Contains("Run 4 was tested on other images", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnknownSlice_SaysSo_AndShowsAll() =>
        Assert.Contains("The data set has no slice “mood:good”", Show(new() { Slice = "mood:good" }).Markup, StringComparison.Ordinal);

    [Fact]
    public void Open_NoMistakes_SaysWhatThatIsWorth_AndOffersAll()
    {
        var perfect = SampleEvaluations.Of(string.Concat(_evaluation.File.Labels), scores: [.. _evaluation.File.Labels.Select(label => 0.1 + 0.8 * label)]);
        var page = Show(new() { Threshold = 0.5 }, perfect);

        Assert.Contains("No mistakes", page.Markup, StringComparison.Ordinal);
        Assert.Contains("This does not prove that it never makes such mistakes", page.Markup, StringComparison.Ordinal);
        page.Find(".nothing button").Click();
        Assert.Equal(FailureFilter.All, _asked!.Show);
    }

    [Fact]
    public void Open_DataSetGone_KeepsTheNumbers()
    {
        var page = Render<FailuresView>(parameters => parameters.Add(view => view.RunId, 18).Add(view => view.RunName, "run 18").Add(view => view.Evaluation, _evaluation)
            .Add(view => view.Problem, "The data set “sample” is no longer registered.").Add(view => view.Address, new()));

        Assert.Contains("is no longer registered", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("img"));
        Assert.NotEmpty(page.FindAll(".cards dl"));
        Assert.Empty(page.FindAll(".slices"));
    }

    [Fact]
    public void Slices_ManyLooks_AreWarnedAbout()
    {
        var text = Show(new()).Find(".slices").TextContent;

        Assert.Contains("the worst one will look bad by chance alone", text, StringComparison.Ordinal);
        Assert.Contains("Chest drain, size of the pneumothorax and side of the pneumothorax: this applies only to images with a pneumothorax", text, StringComparison.Ordinal);
    }

    private IRenderedComponent<FailuresView> Show(FailuresUrlState address, RunEvaluation? evaluation = null, IReadOnlyList<Run>? others = null, EvaluatedRun? chosen = null) =>
        Render<FailuresView>(parameters => parameters
            .Add(view => view.RunId, 18).Add(view => view.RunName, "run 18").Add(view => view.Evaluation, evaluation ?? _evaluation)
            .Add(view => view.Manifest, _phantoms.Set.Manifest).Add(view => view.Test, _phantoms.Test)
            .Add(view => view.Candidates, others ?? []).Add(view => view.Other, chosen)
            .Add(view => view.Address, address).Add(view => view.AddressChanged, asked => _asked = asked));

    /// <summary>A few phantoms, drawn once for the class.</summary>
    public sealed class Phantoms : IDisposable
    {
        private readonly string _directory = Directory.CreateTempSubdirectory("lab-failures-").FullName;
        private readonly DatasetStore _store;

        public Phantoms()
        {
            _store = new(_directory);
            PhantomGenerator.Generate(_store, "phantoms", images: 160, seed: 5);
            Set = _store.Open("phantoms");
        }

        public Datasets.Dataset Set { get; }

        public ImageSplit Test => Set[SplitName.Test];

        public void Dispose()
        {
            _store.Dispose();
            Directory.Delete(_directory, recursive: true);
        }
    }
}
