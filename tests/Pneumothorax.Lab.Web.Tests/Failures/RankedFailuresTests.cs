using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Slices;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Tests.Failures;

/// <summary>The sample's images 0 to 9 score 0.05 to 0.95; 4, 7, 8 and 9 HAVE it.</summary>
public sealed class RankedFailuresTests
{
    private static readonly RunEvaluation s_sample = SampleEvaluations.Of();

    [Theory]
    [InlineData(FailureSort.Loss, FailureFilter.Wrong, 0.5, "6 5 4")]
    [InlineData(FailureSort.Loss, FailureFilter.All, 0.5, "6 5 4 3 2 7 1 8 0 9")]
    [InlineData(FailureSort.Loss, FailureFilter.Missed, 0.5, "4")]
    [InlineData(FailureSort.Loss, FailureFilter.FalseAlarm, 0.3, "6 5 3")]
    [InlineData(FailureSort.Doubt, FailureFilter.All, 0.54, "5 4 6 3 7 2 8 1 9 0")]
    public void Order_OfASortAndFilter_IsThis(FailureSort sort, FailureFilter filter, double threshold, string expected) =>
        Assert.Equal(expected, Order(sort, filter, threshold));

    /// <summary>At a low threshold a missed image cannot be far below it, and may be as surely wrong as a false alarm far above.</summary>
    [Fact]
    public void Confidence_MissedAndFalseAlarms_CompareByTheWayThereIs()
    {
        var evaluation = SampleEvaluations.Of(labels: "1000000001");

        // Image 0 at 0.05 of 0.2: three quarters of the way down. Image 8 at 0.85: 0.81 of the way up.
        Assert.Equal("8 0 7 6", string.Join(' ', RankedFailures.Of(evaluation, 0.2, FailureSort.Confidence, FailureFilter.Wrong, null, null).Indices.Take(4)));
    }

    [Fact]
    public void Disagreement_IsByTheDifferenceOfTheScores_AndByLossWhileThereIsNone()
    {
        double[] others = [.. s_sample.Scores];
        (others[2], others[8]) = (0.95, 0.05);

        Assert.Equal("8 2", string.Join(' ', RankedFailures.Of(s_sample, 0.5, FailureSort.Disagreement, FailureFilter.All, null, others).Indices.Take(2)));
        Assert.Equal(Order(FailureSort.Loss, FailureFilter.All, 0.5), Order(FailureSort.Disagreement, FailureFilter.All, 0.5));
    }

    [Fact]
    public void Slice_HoldsItsImagesOnly()
    {
        bool[] inside = [.. Enumerable.Range(0, 10).Select(i => i is 4 or 5)];

        Assert.Equal([5, 4], RankedFailures.Of(s_sample, 0.5, FailureSort.Loss, FailureFilter.Wrong, inside, null).Indices);
    }

    [Fact]
    public void Page_BeyondTheLast_IsTheLast()
    {
        var labels = string.Concat(Enumerable.Repeat("01", 30));
        var ranked = RankedFailures.Of(SampleEvaluations.Of(labels, scores: [.. labels.Select(_ => 0.5)]), 0.5, FailureSort.Loss, FailureFilter.All, null, null);

        Assert.Equal(3, ranked.Pages);
        Assert.Equal(Enumerable.Range(48, 12).Select(index => (index + 1, index)), ranked.Page(99));       // all equal: in file order
    }

    [Theory]
    [InlineData("", "/runs/3/failures")]
    [InlineData("sort=doubt&show=missed&slice=drain:yes&page=2&other=7&threshold=0.25&maps=off", "/runs/3/failures?sort=doubt&show=missed&slice=drain%3Ayes&page=2&other=7&threshold=0.25&maps=off")]
    [InlineData("sort=x&show=y&page=-4&other=z&threshold=7", "/runs/3/failures?threshold=1")]
    public void Address_IsReadBack_AndNonsenseCountsAsNotGiven(string query, string expected)
    {
        var given = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        string? Get(string name) => given.GetValueOrDefault(name);

        Assert.Equal(expected, FailuresUrlState.Parse(Get("sort"), Get("show"), Get("slice"), Get("page"), Get("other"), Get("threshold"), Get("maps")).Of(3));
    }

    private static string Order(FailureSort sort, FailureFilter filter, double threshold) =>
        string.Join(' ', RankedFailures.Of(s_sample, threshold, sort, filter, null, null).Indices);
}
