using Bunit;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Comparison;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Tests.Comparison;

public sealed class PairedTestsTests : BunitContext
{
    private const string Labels = "0000100111";
    private static readonly double[] s_nearlyTheSame = [0.05, 0.15, 0.25, 0.35, 0.6, 0.5, 0.65, 0.75, 0.85, 0.95];
    private static readonly double[] s_reversed = [0.95, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.05];

    [Fact]
    public void Of_SlightlyLarger_SaysThereIsNoEvidence()
    {
        var pair = PairedAreas.Of(Compared(0), Compared(1, scores: s_nearlyTheSame));

        Assert.Equal("No evidence that B is better than A.", pair.Verdict);
        Assert.Equal("Its area is larger by 0.042, 95 % interval −0.074 to 0.157 (paired DeLong test on 10 images, p = 0.48). More test images would narrow the interval.", pair.Grounds);
    }

    [Fact]
    public void Of_FarSmaller_SaysItIsWorse()
    {
        var pair = PairedAreas.Of(Compared(0), Compared(1, scores: s_reversed));

        Assert.Equal("B is worse than A.", pair.Verdict);
        Assert.StartsWith("Its area is smaller by 0.833, 95 % interval −1.000 to −0.", pair.Grounds);
        Assert.EndsWith("p under 0.001).", pair.Grounds);
    }

    [Fact]
    public void Of_TwoSettingsChanged_WarnsThatItMayBeEither()
    {
        var other = new Hyperparameters { LearningRate = 0.02, BatchSize = 7 };
        var pair = PairedAreas.Of(Compared(0), Compared(1, scores: s_reversed, hyperparameters: other));

        Assert.EndsWith(" Two settings changed together, so this does not show which of them caused the difference.", pair.Grounds);
    }

    [Theory]
    [InlineData(Labels, "B and A rank the images equally well.")]
    [InlineData("0000000000", "There is no area to compare.")]
    [InlineData("0000000001", "Too few images to tell B from A.")]
    public void Of_UndefinedCases_SaySoInWords(string labels, string verdict)
    {
        var pair = PairedAreas.Of(Compared(0, labels), Compared(1, labels));

        Assert.Equal(verdict, pair.Verdict);
        Assert.DoesNotContain("NaN", pair.Grounds);
        Assert.DoesNotContain("p =", pair.Grounds);
    }

    [Fact]
    public void Of_ConstantScoresAgainstPerfectOnes_HasADifferenceButNoTest()
    {
        var pair = PairedAreas.Of(Compared(0, "0000011111", [.. Enumerable.Repeat(0.5, 10)]), Compared(1, "0000011111"));

        Assert.Equal("B and A cannot be tested.", pair.Verdict);
        Assert.StartsWith("Its area is larger by 0.500, by the same amount at every image", pair.Grounds);
    }

    [Fact]
    public void Of_DifferentImages_AreNotPaired()
    {
        Assert.Equal("B and A cannot be paired.", PairedAreas.Of(Compared(0), Compared(1, dataHash: "another")).Verdict);
        Assert.Equal("B and A cannot be paired.", PairedAreas.Of(Compared(0), Compared(1, "0000000111")).Verdict);
    }

    [Fact]
    public void ThreeRuns_AreHeldAgainstTheChosenOne()
    {
        int? chosen = null;
        List<ComparedRun> runs = [Compared(0), Compared(1, scores: s_reversed), Compared(2, scores: s_nearlyTheSame)];
        var tests = Render<PairedTests>(parameters => parameters.Add(view => view.Runs, runs).Add(view => view.AgainstChanged, id => chosen = id));
        Assert.Equal(["B is worse than A.", "No evidence that C is better than A."], Verdicts(tests));

        tests.Find("select").Change($"{runs[1].Run.Id}");
        Assert.Equal(runs[1].Run.Id, chosen);
        tests.Render(parameters => parameters.Add(view => view.Against, chosen));

        Assert.Equal(["A is better than B.", "C is better than B."], Verdicts(tests));
        Assert.Contains("They favour a run that was chosen or tuned by its result", tests.Markup);
        Assert.Contains("With 2 comparisons, a chance difference is more likely. Allowing for that (Holm's correction of the DeLong tests), the areas of A and C still differ from that of B.", tests.Find(".caption").TextContent);
    }

    private static List<string> Verdicts(IRenderedComponent<PairedTests> tests) => [.. tests.FindAll(".reading b").Select(verdict => verdict.TextContent)];

    private static ComparedRun Compared(int place, string labels = Labels, double[]? scores = null, string dataHash = "hash", Hyperparameters? hyperparameters = null) => new(
        place, new Run { Id = place + 11, Name = $"Run {place + 11}", Dataset = "sample", Network = "lite", Hyperparameters = hyperparameters ?? new() }, new RunCurves(),
        SampleEvaluations.Of(labels, scores: scores, dataHash: dataHash), Manifest: null, StepsAnEpoch: null);
}
