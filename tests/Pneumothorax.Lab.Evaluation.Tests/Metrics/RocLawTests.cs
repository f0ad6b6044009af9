using FsCheck.Xunit;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Tests.Metrics;

/// <summary>What must hold for every list of labels and scores. Scores are whole numbers, so that ties are frequent.</summary>
public sealed class RocLawTests
{
    [Property]
    public bool Auroc_StrictlyRisingMapOfScores_ChangesNothing((bool Sick, sbyte Score)[] images)
    {
        var (labels, scores) = Split(images);
        return Auroc.Compute(labels, scores) == Auroc.Compute(labels, [.. scores.Select(score => Math.Exp(score / 40) + score)]);
    }

    [Property]
    public bool Auroc_NegatedScores_AreMirrored((bool Sick, sbyte Score)[] images)
    {
        var (labels, scores) = Split(images);
        return Near(1 - Auroc.Compute(labels, scores).Value, Auroc.Compute(labels, [.. scores.Select(score => -score)]).Value);
    }

    [Property]
    public bool Auroc_EveryList_IsTheAreaUnderTheRocCurve((bool Sick, sbyte Score)[] images)
    {
        var (labels, scores) = Split(images);
        var value = Auroc.Compute(labels, scores).Value;
        if (value is null) return labels.Distinct().Count() < 2;

        var curve = RocCurve.Compute(labels, scores);
        var area = curve.Zip(curve.Skip(1), (a, b) =>
            (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        return Near(area, value);
    }

    [Property]
    public bool Interval_WhereThereIsOne_HoldsTheAreaWithinZeroAndOne((bool Sick, sbyte Score)[] images)
    {
        var (labels, scores) = Split(images);
        return Auroc.Compute(labels, scores) is not { Low: { } low, High: { } high, Value: { } value }
            || (0 <= low && low <= value && value <= high && high <= 1);
    }

    [Property]
    public bool ConfusionMatrix_AtEveryPointOfTheCurve_GivesItsRates((bool Sick, sbyte Score)[] images)
    {
        var (labels, scores) = Split(images);
        return RocCurve.Compute(labels, scores).All(point =>
        {
            var matrix = ConfusionMatrix.At(labels, scores, point.Threshold);
            return Near(matrix.Sensitivity ?? double.NaN, point.TruePositiveRate)
                && Near(1 - matrix.Specificity ?? double.NaN, point.FalsePositiveRate);
        });
    }

    [Property]
    public bool Auroc_ClassesSwapped_IsTheRest((bool Sick, sbyte Score)[] images)
    {
        var (labels, scores) = Split(images);
        return Near(1 - Auroc.Compute(labels, scores).Value, Auroc.Compute([.. labels.Select(label => (byte)(1 - label))], scores).Value);
    }

    [Property]
    public bool ConfusionMatrix_RisingThreshold_KeepsEveryImageAndFindsFewer((bool Sick, sbyte Score)[] images, sbyte one, sbyte other)
    {
        var (labels, scores) = Split(images);
        ConfusionMatrix lower = ConfusionMatrix.At(labels, scores, Math.Min(one, other)), higher = ConfusionMatrix.At(labels, scores, Math.Max(one, other));
        return lower.Total == images.Length && higher.Total == images.Length
            && (lower.Sensitivity is null || (lower.Sensitivity >= higher.Sensitivity)) && (lower.Specificity is null || lower.Specificity <= higher.Specificity);
    }

    [Property]
    public bool PpvAndNpv_AtTheSetsOwnPrevalence_AreThoseCounted((bool Sick, sbyte Score)[] images, sbyte threshold)
    {
        var (labels, scores) = Split(images);
        var matrix = ConfusionMatrix.At(labels, scores, threshold);
        if (matrix.Positives == 0 || matrix.Negatives == 0) return matrix.PpvAt(0.5) is null && matrix.NpvAt(0.5) is null;

        var prevalence = (double)matrix.Positives / matrix.Total;
        return Near(matrix.Ppv, matrix.PpvAt(prevalence)) && Near(matrix.Npv, matrix.NpvAt(prevalence));
    }

    internal static (byte[] Labels, double[] Scores) Split((bool Sick, sbyte Score)[] images) =>
        ([.. images.Select(image => image.Sick ? (byte)1 : (byte)0)], [.. images.Select(image => (double)image.Score)]);

    private static bool Near(double? a, double? b) =>
        a is null || b is null ? a == b : (double.IsNaN(a.Value) && double.IsNaN(b.Value)) || Math.Abs(a.Value - b.Value) < 1e-9;
}
