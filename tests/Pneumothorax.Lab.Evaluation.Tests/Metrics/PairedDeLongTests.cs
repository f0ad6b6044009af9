using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

public sealed class PairedDeLongTests
{
    private const double Close = 1e-9;

    /// <summary>As pROC's <c>roc.test(method = "delong", paired = TRUE)</c> (tests/references/write_delong.R).</summary>
    [Fact]
    public void Compute_AnyPairOfLists_IsPROCs()
    {
        var answers = MetricReference.Read<Answer>("delong.json").ToDictionary(answer => answer.Name);
        Assert.Equal(MetricReference.All.Count, answers.Count);
        Assert.True(answers.Values.Count(answer => answer.P is not null) > 150);

        Assert.All(MetricReference.All, reference =>
        {
            var answer = answers[reference.Name];
            var found = PairedDeLong.Compute(reference.Labels, reference.Scores, reference.Others);

            Assert.Equal(answer.Difference, found.Difference!.Value, Close);
            Assert.Equal(answer.P is null, found.P is null);
            Assert.Equal(answer.P is null, found.Low is null);
            if (answer is not { P: { } p, Interval: { } interval }) return;

            Assert.Equal(p, found.P!.Value, Close);
            Assert.Equal(interval[0], found.Low!.Value, Close);
            Assert.Equal(interval[1], found.High!.Value, Close);
        });
    }

    [Fact]
    public void Compute_OneClass_IsUndefined() => Assert.Equal(default, PairedDeLong.Compute([0, 0, 0], [0.1, 0.5, 0.9], [0.2, 0.3, 0.4]));

    [Fact]
    public void Compute_NoImages_IsUndefined() => Assert.Equal(default, PairedDeLong.Compute([], [], []));

    [Fact]
    public void Compute_OnePositive_HasADifferenceButNoInterval() =>
        Assert.Equal(new(1, null, null, null), PairedDeLong.Compute([0, 1, 0], [0.5, 0.1, 0.6], [0.5, 0.9, 0.6]));

    [Fact]
    public void Compute_TheSameOrderTwice_HasNothingToTest() =>
        Assert.Equal(new(0, null, null, null), PairedDeLong.Compute([0, 1, 0, 1], [0.5, 0.1, 0.6, 0.7], [0.05, 0.01, 0.06, 0.07]));

    [Fact]
    public void Compute_DifferentNumbersOfScores_IsRefused() =>
        Assert.Contains("2 labels", Assert.Throws<ArgumentException>(() => PairedDeLong.Compute([0, 1], [0.5, 0.6], [0.5])).Message);

    [Fact]
    public void Of_DifferentImages_IsRefused() =>
        Assert.Throws<ArgumentException>(() => PairedDeLong.Of(Placements.Of([0, 1], [0.5, 0.6]), Placements.Of([0, 1, 1], [0.5, 0.6, 0.7])));

    /// <summary>Far out in the tail the chance is tiny, not 0: 12 positives all above 12 negatives against nearly the reverse.</summary>
    [Fact]
    public void Compute_OverwhelmingDifference_HasAPAboveZero()
    {
        byte[] labels = [.. Enumerable.Range(0, 24).Select(i => (byte)(i / 12))];
        var found = PairedDeLong.Compute(labels, [.. labels.Select((label, i) => i == 3 ? 0 : 1.0 - label)], [.. labels.Select(label => (double)label)]);

        Assert.InRange(found.P!.Value, double.Epsilon, 1e-30);
    }

    [Property]
    public bool Compute_RunsSwapped_ChangesTheSignOnly((bool Sick, sbyte First, sbyte Second)[] images)
    {
        var (labels, first, second) = Split(images);
        AurocDifference there = PairedDeLong.Compute(labels, first, second), back = PairedDeLong.Compute(labels, second, first);
        return there == new AurocDifference(-back.Difference, -back.High, -back.Low, back.P);
    }

    [Property]
    public bool Compute_StrictlyRisingMapsOfEither_ChangeNothing((bool Sick, sbyte First, sbyte Second)[] images)
    {
        var (labels, first, second) = Split(images);
        return PairedDeLong.Compute(labels, first, second)
            == PairedDeLong.Compute(labels, [.. first.Select(score => Math.Exp(score / 40) + score)], [.. second.Select(score => 1e-9 * score * score * score)]);
    }

    [Property]
    public bool Compute_AnyList_IsTheDifferenceOfTheAreasWithinItsInterval((bool Sick, sbyte First, sbyte Second)[] images)
    {
        var (labels, first, second) = Split(images);
        var found = PairedDeLong.Compute(labels, first, second);
        if (found.Difference is not { } difference) return labels.Distinct().Count() < 2;

        return Math.Abs(Auroc.Compute(labels, second).Value!.Value - Auroc.Compute(labels, first).Value!.Value - difference) < 1e-12
            && (found is not { Low: { } low, High: { } high, P: { } p } || (-1 <= low && low <= difference && difference <= high && high <= 1 && p is >= 0 and <= 1));
    }

    private static (byte[] Labels, double[] First, double[] Second) Split((bool Sick, sbyte First, sbyte Second)[] images) => (
        [.. images.Select(image => image.Sick ? (byte)1 : (byte)0)],
        [.. images.Select(image => (double)image.First)],
        [.. images.Select(image => (double)image.Second)]);

    private sealed record Answer(string Name, double Difference, double[]? Interval, double? P);
}
