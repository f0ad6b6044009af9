using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Localization;

/// <summary>Localisation over many images, each figure with its 95 % interval.</summary>
/// <param name="Count">Images.</param>
/// <param name="Hits">Images whose highest point lies in the true box.</param>
/// <param name="Overlapping">Images whose IoU is at least <see cref="Enough"/>.</param>
public sealed record LocalizationSummary(int Count, MeanInterval IoU, MeanInterval IoBB, int Hits, int Overlapping)
{
    /// <summary>The usual demand on a detected box, from Everingham et al., PASCAL VOC, 2010.</summary>
    public const double Enough = 0.5;

    public WilsonInterval HitInterval => WilsonInterval.Of(Hits, Count)!.Value;

    public WilsonInterval OverlappingInterval => WilsonInterval.Of(Overlapping, Count)!.Value;

    /// <returns>Null without images: there is nothing to take a mean of.</returns>
    public static LocalizationSummary? Of(IReadOnlyCollection<LocalizationScore> scores) => scores.Count == 0 ? null : new(
        scores.Count, MeanInterval.Of([.. scores.Select(score => score.IoU)]), MeanInterval.Of([.. scores.Select(score => score.IoBB)]),
        scores.Count(score => score.Hit), scores.Count(score => score.IoU >= Enough));
}
