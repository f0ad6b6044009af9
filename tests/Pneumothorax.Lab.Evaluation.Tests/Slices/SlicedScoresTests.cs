using System.Text.Json;
using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.Slices;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Tests.Slices;

public sealed class SlicedScoresTests
{
    private const double Close = 1e-9;

    /// <summary>As pROC for two unpaired curves, and as DeLong's components pair by pair (tests/references/write_slices.R).</summary>
    [Fact]
    public void Of_GeneratedCuts_IsTheReference()
    {
        var references = JsonSerializer.Deserialize<Reference[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Slices", "slices.json")), LabJson.Line)!;
        Assert.True(references.Count(reference => reference.Own.Difference?.P is not null) > 60);
        Assert.True(references.Count(reference => reference.All.Difference?.P is not null) > 60);

        Assert.All(references, reference =>
        {
            var sliced = new SlicedScores([.. reference.Labels.Select(label => (byte)label)], reference.Scores);
            bool[] inside = [.. reference.Inside.Select(mark => mark == 1)];
            AssertEqual(reference.Own, sliced.Of(inside, SliceNegatives.Own));
            AssertEqual(reference.All, sliced.Of(inside, SliceNegatives.All));
        });
    }

    [Fact]
    public void Of_FourOfAClass_IsTooFew()
    {
        byte[] labels = [1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
        bool[] inside = [.. Enumerable.Range(0, 19).Select(i => i < 9)];
        var found = new SlicedScores(labels, [.. labels.Select((label, i) => label + i / 100.0)]).Of(inside, SliceNegatives.Own);

        Assert.Equal((default(AurocResult), default(AurocDifference)), (found.Area, found.Difference));
        Assert.Equal(1, found.Rest.Value);
    }

    [Fact]
    public void Of_OtherNumberOfMarks_IsRefused() =>
        Assert.Contains("2 marks", Assert.Throws<ArgumentException>(() => new SlicedScores([0, 1, 1], [0.1, 0.2, 0.3]).Of([true, false], SliceNegatives.Own)).Message);

    [Fact]
    public void Differs_ManyLooks_AskForMore()
    {
        var found = new SliceArea(default, default, new(-0.1, -0.19, -0.01, 0.02));

        Assert.True(found.Differs(2));
        Assert.False(found.Differs(3));
        Assert.False(default(SliceArea).Differs(1));
    }

    [Property]
    public bool Of_EveryImage_IsTheWhole((bool Sick, sbyte Score, bool Inside)[] images)
    {
        var (labels, scores, _) = Split(images);
        var whole = Auroc.Compute(labels, scores);
        var enough = Math.Min(labels.Count(label => label == 1), labels.Count(label => label == 0)) >= SliceArea.LeastOfAClass;
        bool[] all = [.. labels.Select(_ => true)];
        return Enum.GetValues<SliceNegatives>().All(negatives => Near(new SlicedScores(labels, scores).Of(all, negatives).Area, enough ? whole : default));
    }

    [Property]
    public bool Of_ASlice_IsItsImagesAlone((bool Sick, sbyte Score, bool Inside)[] images)
    {
        var (labels, scores, inside) = Split(images);
        var found = new SlicedScores(labels, scores).Of(inside, SliceNegatives.Own).Area;
        byte[] its = [.. labels.Where((_, i) => inside[i])];
        return found.Value is null || Near(found, Auroc.Compute(its, [.. scores.Where((_, i) => inside[i])]));
    }

    /// <summary>Against the same negatives, the whole area is that of the parts, weighted by their positives.</summary>
    [Property]
    public bool Of_SharedNegatives_PartsAverageToTheWhole((bool Sick, sbyte Score, bool Inside)[] images)
    {
        var (labels, scores, inside) = Split(images);
        var found = new SlicedScores(labels, scores).Of(inside, SliceNegatives.All);
        if (found is not { Area.Value: { } slice, Rest.Value: { } rest }) return true;

        double its = inside.Where((mark, i) => mark && labels[i] == 1).Count(), all = labels.Count(label => label == 1);
        return Math.Abs((its * slice + (all - its) * rest) / all - Auroc.Compute(labels, scores).Value!.Value) < Close;
    }

    [Property]
    public bool Of_ImagesInAnotherOrder_IsTheSame((bool Sick, sbyte Score, bool Inside)[] images)
    {
        var (labels, scores, inside) = Split(images);
        var (mirrored, mirroredScores, mirroredInside) = Split([.. images.Reverse()]);
        return Enum.GetValues<SliceNegatives>().All(negatives => Near(
            new SlicedScores(labels, scores).Of(inside, negatives),
            new SlicedScores(mirrored, mirroredScores).Of(mirroredInside, negatives)));
    }

    [Property]
    public bool Of_TheOtherSide_HasTheOppositeDifference((bool Sick, sbyte Score, bool Inside)[] images)
    {
        var (labels, scores, inside) = Split(images);
        var sliced = new SlicedScores(labels, scores);
        bool[] outside = [.. inside.Select(mark => !mark)];
        return Enum.GetValues<SliceNegatives>().All(negatives =>
        {
            SliceArea there = sliced.Of(inside, negatives), back = sliced.Of(outside, negatives);
            return Near(there.Area, back.Rest) && Near(there.Rest, back.Area)
                && Near(there.Difference.Difference, -back.Difference.Difference) && Near(there.Difference.P, back.Difference.P);
        });
    }

    [Property]
    public bool Bands_EveryValue_LiesInOneBandThatHoldsSome(sbyte[] values, byte wanted)
    {
        var bands = 2 + wanted % 6;
        var cuts = QuantileBands.Cuts(values.Select(value => (double)value), bands);
        var filled = values.Select(value => QuantileBands.BandOf(value, cuts)).ToHashSet();
        return cuts.Count < bands && cuts.SequenceEqual(cuts.Order().Distinct())
            && filled.All(band => band >= 0 && band <= cuts.Count) && (values.Length == 0 || (filled.Contains(0) && filled.Contains(cuts.Count)));
    }

    /// <summary>numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0.25, 0.5, 0.75]).</summary>
    [Fact]
    public void Bands_Quarters_AreNumPys() => Assert.Equal([1.75, 3.5, 5.25], QuantileBands.Cuts([3, 1, 4, 1, 5, 9, 2, 6], 4));

    private static void AssertEqual(Expected expected, SliceArea found)
    {
        AssertNear(expected.Slice, found.Area.Value);
        AssertNear(expected.Rest, found.Rest.Value);
        AssertNear(expected.Difference?.Value, found.Difference.Difference);
        AssertNear(expected.Difference?.P, found.Difference.P);
        AssertNear(expected.Difference?.Interval?[0], found.Difference.Low);
        AssertNear(expected.Difference?.Interval?[1], found.Difference.High);
    }

    private static void AssertNear(double? expected, double? found)
    {
        Assert.Equal(expected is null, found is null);
        if (expected is { } number) Assert.Equal(number, found!.Value, Close);
    }

    private static bool Near(SliceArea a, SliceArea b) => Near(a.Area, b.Area) && Near(a.Rest, b.Rest)
        && Near(a.Difference.Difference, b.Difference.Difference) && Near(a.Difference.Low, b.Difference.Low) && Near(a.Difference.P, b.Difference.P);

    private static bool Near(AurocResult a, AurocResult b) => Near(a.Value, b.Value) && Near(a.Low, b.Low) && Near(a.High, b.High);

    private static bool Near(double? a, double? b) => a is null || b is null ? a is null == b is null : Math.Abs(a.Value - b.Value) < Close;

    private static (byte[] Labels, double[] Scores, bool[] Inside) Split((bool Sick, sbyte Score, bool Inside)[] images) =>
        ([.. images.Select(image => image.Sick ? (byte)1 : (byte)0)], [.. images.Select(image => (double)image.Score)], [.. images.Select(image => image.Inside)]);

    private sealed record Reference(string Name, int[] Labels, double[] Scores, int[] Inside, Expected Own, Expected All)
    {
        public override string ToString() => Name;
    }

    private sealed record Expected(double? Slice, double? Rest, ExpectedDifference? Difference);

    private sealed record ExpectedDifference(double Value, double[]? Interval, double? P);
}
