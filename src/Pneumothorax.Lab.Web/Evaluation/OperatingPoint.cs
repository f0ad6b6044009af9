using System.Globalization;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>Choosing a threshold on validation, and the rules for it in words and in addresses.</summary>
public static class OperatingPoint
{
    /// <summary>The rule of a page whose address names none.</summary>
    public static OperatingRule Usual { get; } = new OperatingRule.Youden();

    public const double LeastCost = 0.01;
    public const double MostCost = 1000;
    public const double MostPrevalence = 0.99;

    /// <returns>In few digits; null when a class is missing, all scores are equal, or no threshold does what the rule asks.</returns>
    public static double? Choose(ScoredImages validation, OperatingRule rule) =>
        validation.Ranked.Scores.Length > 1 && rule.Choose(validation.Ranked, highest: 1) is { } score ? validation.RoundThreshold(score) : null;

    /// <returns>"sensitivity:0.95", "cost:10" or "cost:10:0.05": the rule in an address.</returns>
    public static string Word(OperatingRule rule) => rule switch
    {
        OperatingRule.Youden => "youden",
        OperatingRule.Sensitivity { AtLeast: var wanted } => $"sensitivity:{UrlQuery.Text(wanted)}",
        OperatingRule.Specificity { AtLeast: var wanted } => $"specificity:{UrlQuery.Text(wanted)}",
        OperatingRule.Cost { OfMissed: var cost, Prevalence: null } => $"cost:{UrlQuery.Text(cost)}",
        OperatingRule.Cost { OfMissed: var cost, Prevalence: { } sick } => $"cost:{UrlQuery.Text(cost)}:{UrlQuery.Text(sick)}",
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Not a rule."),
    };

    /// <returns>The usual rule for anything that is none; numbers outside their range are brought to its end.</returns>
    public static OperatingRule Parse(string? word)
    {
        var parts = word?.Split(':', 3) ?? [];
        var first = parts.Length > 1 ? UrlQuery.Number(parts[1]) : null;
        return (parts, first) switch
        {
            (["sensitivity", _], { } wanted) => new OperatingRule.Sensitivity(Math.Clamp(wanted, 0, 1)),
            (["specificity", _], { } wanted) => new OperatingRule.Specificity(Math.Clamp(wanted, 0, 1)),
            (["cost", _], { } cost) => new OperatingRule.Cost(Math.Clamp(cost, LeastCost, MostCost)),
            (["cost", _, var sick], { } cost) when UrlQuery.Number(sick) is { } share => new OperatingRule.Cost(
                Math.Clamp(cost, LeastCost, MostCost), Math.Clamp(share, EvaluationAddress.LeastPrevalence, MostPrevalence)),
            _ => Usual,
        };
    }

    /// <returns>A sentence: what the rule chooses.</returns>
    public static string InWords(OperatingRule rule) => rule switch
    {
        OperatingRule.Youden => "Where sensitivity plus specificity is highest (Youden).",
        OperatingRule.Sensitivity { AtLeast: var wanted } => $"The highest threshold that still finds {Percent(wanted)} of those who HAVE it.",
        OperatingRule.Specificity { AtLeast: var wanted } => $"The lowest threshold that still clears {Percent(wanted)} of the others.",
        OperatingRule.Cost { OfMissed: var cost, Prevalence: var sick } => string.Create(CultureInfo.InvariantCulture,
            $"Where errors cost least, if a missed one costs as much as {cost:0.##} {(cost == 1 ? "false alarm" : "false alarms")}{(sick is { } share ? $" and {Percent(share)} have it" : "")}."),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Not a rule."),
    };

    /// <returns>Why nothing is chosen on these images, in a sentence or two.</returns>
    public static string WhyNone(ScoredImages validation, OperatingRule rule) => validation switch
    {
        { Count: 0 } => "This run has no validation images. A threshold chosen on the test images cannot be judged on them.",
        { Positives: 0 } => $"None of the {Figures.Count(validation.Count, "validation image", "validation images")} HAS it, so no threshold can be chosen on them.",
        { Negatives: 0 } => $"All {Figures.Count(validation.Count, "validation image", "validation images")} HAVE it, so no threshold can be chosen on them.",
        { Ranked.Scores.Length: 1 } => "All validation images have the same score: a threshold can only call either all of them HAS, or none.",
        _ => rule is OperatingRule.Specificity { AtLeast: var wanted }
            ? $"No threshold clears {Percent(wanted)} of the others, because some of them score 1."
            : "No threshold meets this condition.",
    };

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");
}
