using Bunit;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Tests.Evaluation;

public sealed class EvaluationViewTests : BunitContext
{
    public EvaluationViewTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void Open_WithoutThreshold_StandsAtTheBalancedOne()
    {
        var page = Show(SampleEvaluations.Of());

        Assert.Contains("threshold 0.55", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["3", "1", "2", "4"], Cells(page));
        Assert.Contains("The test images had no say in it", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AtAThreshold_CountsThere()
    {
        var page = Show(SampleEvaluations.Of(), new(0.95));

        Assert.Equal(["1", "3", "0", "6"], Cells(page));
        Assert.Contains("always “clear”: 0.600", page.Markup, StringComparison.Ordinal);
        Assert.Contains("/runs/18/explanation?show=missed&amp;threshold=0.95", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("show=false-alarm", page.Markup, StringComparison.Ordinal);         // there is none to see
    }

    [Fact]
    public void Step_Threshold_GoesOutAsAnAddress()
    {
        EvaluationAddress? asked = null;
        var page = Show(SampleEvaluations.Of(), new(0.95, 0.1), address => asked = address);

        page.Find("button[aria-label='Threshold: less']").Click();

        Assert.Equal(new(0.85, 0.1), asked);                // nothing scores between, so 0.94 would change nothing
    }

    [Fact]
    public void Choose_Preset_TakesItsThreshold()
    {
        EvaluationAddress? asked = null;
        var page = Show(SampleEvaluations.Of(validationLabels: "0100000111"), new(0.95), address => asked = address);

        page.FindAll("input[type=radio]")[1].Change(true);

        Assert.Equal(0.15, asked?.Threshold);
    }

    [Theory]
    [InlineData("0000000000", "how many sick people the model would find")]
    [InlineData("1111111111", "how many healthy people it would alarm")]
    public void Open_OneClassOnly_SaysSoInWords(string labels, string expected)
    {
        var page = Show(SampleEvaluations.Of(labels, validationLabels: ""));

        Assert.Contains("not defined", page.Markup, StringComparison.Ordinal);
        Assert.Contains("no threshold can be chosen on them", page.Markup, StringComparison.Ordinal);
        Assert.Contains(expected, page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void ClickOnTheCurve_TakesThatPointsThreshold()
    {
        EvaluationAddress? asked = null;
        var page = Show(SampleEvaluations.Of(), new(0.5), address => asked = address);
        var chart = page.FindComponents<Chart>()[0];

        page.InvokeAsync(() => chart.Instance.Clicked.InvokeAsync(new(0, 0.5, "roc", 2)));

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
    public void ClickOnPrecisionRecall_TakesThatPointsThreshold()
    {
        EvaluationAddress? asked = null;
        var page = Show(SampleEvaluations.Of(), new(0.5), address => asked = address);

        page.InvokeAsync(() => Charts(page)["Precision-recall"].Clicked.InvokeAsync(new(0.5, 1, "precision", 8)));

        Assert.Equal(0.85, asked!.Threshold!.Value, 12);
    }

    [Fact]
    public void PrecisionRecall_VeryManyScores_AreThinnedToTheSameCurve()
    {
        const int Many = 20_000;
        var labels = string.Concat(Enumerable.Range(0, Many).Select(i => i * 7919 % 10 < 9 * i / Many ? '1' : '0'));
        double[] scores = [.. labels.Select((_, i) => (i + 1.0) / (Many + 1))];

        var line = Charts(Show(SampleEvaluations.Of(labels, scores: scores)))["Precision-recall"].Spec.Series[0];

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
        Assert.Contains("what it says is 0.300 from what is there", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_RareDisease_SaysWhatAnAlarmIsWorth()
    {
        var page = Show(SampleEvaluations.Of(), new(0.55, 0.001));

        Assert.Contains("Of 1,000 people, 1 has it.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("0.2 %", page.Markup, StringComparison.Ordinal);                          // 0.75 · 0.001 of 0.75 · 0.001 + 0.333 · 0.999
    }

    private IRenderedComponent<EvaluationView> Show(RunEvaluation evaluation, EvaluationAddress? address = null, Action<EvaluationAddress>? changed = null) =>
        Render<EvaluationView>(parameters => parameters
            .Add(view => view.RunId, 18).Add(view => view.Evaluation, evaluation).Add(view => view.Address, address ?? new())
            .Add(view => view.AddressChanged, changed ?? (_ => { })));

    private static Dictionary<string, Chart> Charts(IRenderedComponent<EvaluationView> page) =>
        page.FindComponents<Chart>().Select(chart => chart.Instance).ToDictionary(chart => chart.Spec.Title);

    /// <returns>Found, missed, false alarms, rightly clear.</returns>
    private static List<string> Cells(IRenderedComponent<EvaluationView> page) => [.. page.FindAll(".cell .many").Select(cell => cell.TextContent)];
}
