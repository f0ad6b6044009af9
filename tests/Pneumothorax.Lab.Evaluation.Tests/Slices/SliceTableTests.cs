using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.Slices;

namespace Pneumothorax.Lab.Evaluation.Tests.Slices;

public sealed class SliceTableTests
{
    /// <summary>Every third image HAS it; the sick of the bedside films, and those without a drain, are scored no better than the healthy.</summary>
    private const int Images = 240;

    private static readonly string?[] s_views = [.. Enumerable.Range(0, Images).Select(i => i % 2 == 0 ? "AP" : "PA")];
    private static readonly string?[] s_drains = [.. Enumerable.Range(0, Images).Select(i => i % 2 == 0 ? "no" : "yes")];

    [Fact]
    public void Rows_AreTheWorstFirst_AndTheWorseOneIsMarked()
    {
        var table = new SliceTable(Evaluation(), [new("view", s_views), new("sex", [.. s_views.Select((_, i) => i / 2 % 2 == 0 ? "F" : "M")]), new("site", [.. s_views.Select((_, i) => i < 3 ? "small" : "big")])]);

        Assert.Equal("View: AP", table.Rows[0].Slice.Title);
        Assert.True(table.Rows[0].Area.Differs(table.Looks));
        Assert.Equal("View: PA", table.Rows[table.Looks - 1].Slice.Title);
        Assert.Equal("Site: small", table.Rows[^1].Slice.Title);
        Assert.Equal("too few: 1 HAS it", table.Rows[^1].WhyNoArea);
        Assert.False(table.Rows.Single(row => row.Slice.Title == "Sex: F").Area.Differs(table.Looks));
        Assert.Equal(Images, table.Rows.Where(row => row.Slice.Key == "view").Sum(row => row.Images));
    }

    [Fact]
    public void Cells_OfTheSlicesOfAColumn_AddUpToAll()
    {
        var evaluation = Evaluation();
        var cells = new SliceTable(evaluation, [new("view", s_views)]).Rows.Select(row => row.At(evaluation.File.Labels, evaluation.Scores, 0.4)).ToList();

        Assert.Equal(evaluation.ConfusionAt(0.4), new(cells.Sum(c => c.TruePositives), cells.Sum(c => c.FalsePositives), cells.Sum(c => c.TrueNegatives), cells.Sum(c => c.FalseNegatives)));
    }

    [Fact]
    public void Drains_FoundMoreEasily_AreCalledTheTreatment()
    {
        var contrast = new SliceTable(Evaluation(), [new("drain", s_drains)]).Drains!;

        Assert.Equal((40, 40, 160, 80), (contrast.With, contrast.Without, contrast.Negatives, contrast.HealthyWith.Count));
        Assert.Equal("It finds a pneumothorax with a drain more easily than one without.", contrast.Verdict);
        Assert.Contains("A drain is the treatment, not the disease.", contrast.Meaning, StringComparison.Ordinal);
        Assert.Equal(4, contrast.Examples.Select(example => example.Index).Distinct().Count());
        Assert.Equal(0, Evaluation().File.Labels[contrast.Examples[^1].Index]);
    }

    [Fact]
    public void Drains_ThatMakeNoDifference_AreNoEvidence()
    {
        var contrast = DrainContrast.Of(Evaluation(), [.. Enumerable.Range(0, Images).Select(i => i / 2 % 2 == 0 ? "no" : "yes")])!;

        Assert.Equal("No evidence that drains make a difference to this model.", contrast.Verdict);
        Assert.Contains("That does not mean that there is no difference: anything from −", contrast.Meaning, StringComparison.Ordinal);
    }

    /// <summary>Who is not known to have a drain or none belongs to neither side.</summary>
    [Fact]
    public void Drains_UnknownOfSome_CompareTheKnownOnly()
    {
        var evaluation = Evaluation();
        string?[] known = [.. s_drains.Select((drain, i) => i % 4 == 0 ? null : drain)];

        var contrast = DrainContrast.Of(evaluation, known)!;

        int[] without = [.. Enumerable.Range(0, Images).Where(i => evaluation.File.Labels[i] == 0 || known[i] == "no")];
        Assert.Equal(20, contrast.Without);
        Assert.Equal(Auroc.Compute([.. without.Select(i => evaluation.File.Labels[i])], [.. without.Select(i => evaluation.Scores[i])]).Value!.Value, contrast.Area.Rest.Value!.Value, 1e-12);
    }

    [Fact]
    public void Drains_KnownOfNoSick_AreNoContrast() => Assert.Null(DrainContrast.Of(Evaluation(), new string?[Images]));

    [Fact]
    public void Drains_OfThree_AreTooFewToTell()
    {
        var contrast = DrainContrast.Of(Evaluation(), [.. Enumerable.Range(0, Images).Select(i => i is 0 or 3 or 6 ? "yes" : "no")])!;

        Assert.Equal("Too few to tell.", contrast.Verdict);
        Assert.Contains("here 3 have a drain and 77 have none", contrast.Meaning, StringComparison.Ordinal);
    }

    private static RunEvaluation Evaluation()
    {
        var labels = string.Concat(Enumerable.Range(0, Images).Select(i => i % 3 == 0 ? '1' : '0'));
        return SampleEvaluations.Of(labels, scores: [.. labels.Select((label, i) => (label == '1' && i % 2 == 1 ? 0.45 : 0.05) + 0.5 * (i * 37 % 101) / 101)]);
    }
}
