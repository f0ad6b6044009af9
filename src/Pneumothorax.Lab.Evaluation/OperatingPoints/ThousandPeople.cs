using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.OperatingPoints;

/// <summary>What a model's answers would be about a thousand people, where pneumothorax is as common as one says.</summary>
public sealed record ThousandPeople(int Found, int Missed, int FalseAlarms, int RightlyClear)
{
    public const int People = 1000;

    public int Sick => Found + Missed;

    public int CalledHas => Found + FalseAlarms;

    /// <param name="cells">Of the test images: gives sensitivity and specificity.</param>
    /// <param name="prevalence">Share of people who have it, 0..1.</param>
    /// <returns>Whole people, a thousand in all; null when a class is missing from the test images.</returns>
    public static ThousandPeople? Of(ConfusionMatrix cells, double prevalence)
    {
        if (cells is not { Sensitivity: { } sensitivity, Specificity: { } specificity }) return null;

        var sick = Whole(People * prevalence);
        var found = Whole(sick * sensitivity);
        var rightlyClear = Whole((People - sick) * specificity);
        return new(found, sick - found, People - sick - rightlyClear, rightlyClear);
    }

    private static int Whole(double people) => (int)Math.Round(people, MidpointRounding.AwayFromZero);
}
