using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

public sealed class EvaluationViewTests : BunitContext
{
    public EvaluationViewTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(new DatasetStore(Path.Combine(Path.GetTempPath(), "no-data-sets"))).AddSingleton<PatientDoubts>().AddSingleton(TimeProvider.System);
    }

    [Fact]
    public void Open_WithoutThreshold_StandsAtTheBalancedOne()
    {
        var page = Show(SampleEvaluations.Of());

        Assert.Contains("threshold 0.55", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["3", "1", "2", "4"], Cells(page));
        Assert.Contains("without the test images", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AtAThreshold_CountsThere()
    {
        var page = Show(SampleEvaluations.Of(), new(0.95));

        Assert.Equal(["1", "3", "0", "6"], Cells(page));
        Assert.Contains("always “clear”: 0.600", page.Markup, StringComparison.Ordinal);
        Assert.Contains("/runs/18/failures?show=missed&amp;threshold=0.95", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("show=false-alarm", page.Markup, StringComparison.Ordinal);         // there is none to see
    }

    [Fact]
    public void Step_Threshold_GoesOutAsAnAddress()
    {
        EvaluationUrlState? asked = null;
        var page = Show(SampleEvaluations.Of(), new(0.95, 0.1), address => asked = address);

        page.Find("button[aria-label='Threshold: less']").Click();

        page.WaitForAssertion(() => Assert.Equal(new(0.85, 0.1), asked));       // nothing scores between, so 0.94 would change nothing
    }

    [Theory]
    [InlineData("0000000000", "how many people with a pneumothorax the model would find")]
    [InlineData("1111111111", "how many false alarms it would give")]
    public void Open_OneClassOnly_SaysSoInWords(string labels, string expected)
    {
        var page = Show(SampleEvaluations.Of(labels, validationLabels: ""));

        Assert.Contains("not defined", page.Markup, StringComparison.Ordinal);
        Assert.Contains("This run has no validation images", page.Markup, StringComparison.Ordinal);
        Assert.Contains(expected, page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClickOnTheCurve_TakesThatPointsThreshold()
    {
        EvaluationUrlState? asked = null;
        var page = Show(SampleEvaluations.Of(), new(0.5), address => asked = address);
        var chart = page.FindComponents<Chart>()[0];

        await page.InvokeAsync(() => chart.Instance.Clicked.InvokeAsync(new(0, 0.5, "roc", 2)));

        Assert.Equal(0.85, asked!.Threshold!.Value, 12);
    }

    [Fact]
    public void Drag_ThresholdLine_MovesTheMarkButNotTheCurve()
    {
        var page = Show(SampleEvaluations.Of(), new(0.5));
        var before = page.FindComponents<Chart>()[0].Instance.Spec;

        page.Render(parameters => parameters.Add(view => view.Address, new(0.8)));

        var after = page.FindComponents<Chart>()[0].Instance.Spec;
        Assert.Same(before.Series, after.Series);
        Assert.NotEqual(before.Marks[0], after.Marks[0]);
    }

    [Theory]
    [InlineData(0.55, 0.75, 0.6)]
    [InlineData(0.95, 0.25, 1.0)]
    public void PrecisionRecall_Threshold_MovesTheMark(double threshold, double recall, double precision)
    {
        var spec = Charts(Show(SampleEvaluations.Of(), new(threshold)))["Precision-recall"].Spec;

        var mark = Assert.Single(spec.Marks);
        Assert.Equal((recall, precision), (mark.X, mark.Y));
    }

    [Fact]
    public void PrecisionRecall_NobodyCalled_HasNoMarkAndSaysSo()
    {
        var page = Show(SampleEvaluations.Of(), new(1));

        Assert.Empty(Charts(page)["Precision-recall"].Spec.Marks);
        Assert.Contains("At this threshold nobody is called HAS.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void PrecisionRecall_AreaUnderItsStairs_IsTheAveragePrecision()
    {
        var evaluation = SampleEvaluations.Of("0100101101");
        var line = Charts(Show(evaluation))["Precision-recall"].Spec.Series[0];

        // Horizontal first, from the right.
        var area = Enumerable.Range(0, line.X.Count).Sum(i => line.Y[i] * (line.X[i] - (i + 1 < line.X.Count ? line.X[i + 1] : 0)));
        Assert.True(line.Stairs);
        Assert.Equal(evaluation.AveragePrecision!.Value, area, 1e-12);
    }

    [Fact]
    public async Task ClickOnPrecisionRecall_TakesThatPointsThreshold()
    {
        EvaluationUrlState? asked = null;
        var page = Show(SampleEvaluations.Of(), new(0.5), address => asked = address);

        await page.InvokeAsync(() => Charts(page)["Precision-recall"].Clicked.InvokeAsync(new(0.5, 1, "precision", 8)));

        Assert.Equal(0.85, asked!.Threshold!.Value, 12);
    }

    [Fact]
    public void Curves_VeryManyScores_AreThinnedToTheSameCurve_AndTheCsvIsWhole()
    {
        const int Many = 20_000;
        var labels = string.Concat(Enumerable.Range(0, Many).Select(i => i * 7919 % 10 < 9 * i / Many ? '1' : '0'));
        double[] scores = [.. labels.Select((_, i) => (i + 1.0) / (Many + 1))];

        var evaluation = SampleEvaluations.Of(labels, scores: scores);
        var charts = Charts(Show(evaluation));

        var roc = charts["ROC"].Spec.Series[0];
        Assert.InRange(roc.X.Count, 100, 4000);
        Assert.Equal((0, 0, 1, 1), (roc.X[0], roc.Y[0], roc.X[^1], roc.Y[^1]));
        var area = Enumerable.Range(1, roc.X.Count - 1).Sum(i => (roc.X[i] - roc.X[i - 1]) * (roc.Y[i] + roc.Y[i - 1]) / 2);
        Assert.Equal(evaluation.Auroc.Value!.Value, area, 5e-4);
        Assert.Equal("/api/runs/18/roc.csv", charts["ROC"].Spec.CsvAddress);
        Assert.Equal("/api/runs/18/precision-recall.csv", charts["Precision-recall"].Spec.CsvAddress);
        var line = charts["Precision-recall"].Spec.Series[0];
        Assert.InRange(line.X.Count, 100, 4000);
        Assert.Equal(1, line.X[0]);
        Assert.All(line.X.Zip(line.X.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, 0, 0.002));
    }

    [Fact]
    public void Calibration_TenImages_ShowsEachTenthAndTheExpectedError()
    {
        var page = Show(SampleEvaluations.Of(), new(0.3));

        var spec = Charts(page)["Calibration"].Spec;
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 1, 1, 1], spec.Series[0].Y);
        Assert.Equal(0.3, spec.Threshold!.X);
        Assert.Contains("On average the model says 0.500, while 0.400 of the images HAVE it", page.Markup, StringComparison.Ordinal);
        Assert.Contains("the mean distance between its probability and the true share is 0.300: the", page.Markup, StringComparison.Ordinal);
    }

    /// <summary>Whatever cannot be known is said in words: no figure is NaN, and no chart is empty without a sentence.</summary>
    [Theory]
    [InlineData("0000000000", null, "No test image HAS it", "not defined")]
    [InlineData("1111111111", null, "Every test image HAS it", "one class only")]
    [InlineData("0101010101", "same", "Every test image has the same score", "all scores are equal: no interval")]
    [InlineData("0000100000", null, "Only one test image HAS it", "too few images for an interval")]
    [InlineData("1111101111", null, "Only one test image does not have it", "too few images for an interval")]
    [InlineData("0000011111", null, "", "classes are fully separated: no interval")]
    [InlineData("01010101010101010101", "two", "There are 2 different scores for 20 images", "")]
    public void Open_UndefinedCases_AreSaidInWords(string labels, string? scores, string limits, string figure)
    {
        double[]? said = scores switch { "same" => [.. labels.Select(_ => 0.4)], "two" => [.. labels.Select((_, i) => i % 3 == 0 ? 0.2 : 0.7)], _ => null };

        foreach (var threshold in (double?[])[null, 0, 0.5, 1])
        {
            var page = Show(SampleEvaluations.Of(labels, scores: said), new(threshold, Frozen: 0.3));

            Assert.Contains(limits, page.Markup, StringComparison.Ordinal);
            Assert.Contains(figure, page.Markup, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", page.Markup, StringComparison.Ordinal);
            Assert.All(Charts(page).Values, chart =>
            {
                Assert.True(chart.Spec.Series.Any(series => series.X.Count > 0) || chart.Spec.Empty is not null, chart.Spec.Title);
                Assert.All(chart.Spec.Series, series => Assert.All(series.X.Concat(series.Y).Concat(series.Low ?? []).Concat(series.High ?? []), value => Assert.True(double.IsFinite(value), chart.Spec.Title)));
                Assert.All(chart.Spec.Marks, mark => Assert.True(double.IsFinite(mark.X) && double.IsFinite(mark.Y), chart.Spec.Title));
            });
        }
    }

    [Fact]
    public void Open_WithoutItsDataSet_SaysThatThePatientsAreNotKnown()
    {
        var page = Show(SampleEvaluations.Of());

        page.WaitForAssertion(() => Assert.Contains("It is not known which images are of the same patient", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Elsewhere_RareDisease_SaysWhatAnAlarmIsWorth()
    {
        var page = Show(SampleEvaluations.Of(), new(0.55, 0.001));

        Assert.Contains("Of 1,000 people, 1 has it.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("0.2 %", page.Markup, StringComparison.Ordinal);                          // 0.75 · 0.001 of 0.75 · 0.001 + 0.333 · 0.999
    }

    private IRenderedComponent<EvaluationView> Show(RunEvaluation evaluation, EvaluationUrlState? address = null, Action<EvaluationUrlState>? changed = null) =>
        Render<EvaluationView>(parameters => parameters
            .Add(view => view.RunId, 18).Add(view => view.Evaluation, evaluation).Add(view => view.Address, address ?? new())
            .Add(view => view.AddressChanged, changed ?? (_ => { })));

    private static Dictionary<string, Chart> Charts(IRenderedComponent<EvaluationView> page) =>
        page.FindComponents<Chart>().Select(chart => chart.Instance).ToDictionary(chart => chart.Spec.Title);

    /// <returns>Found, missed, false alarms, rightly clear.</returns>
    private static List<string> Cells(IRenderedComponent<EvaluationView> page) => [.. page.FindAll(".cell .many").Select(cell => cell.TextContent)];
}
