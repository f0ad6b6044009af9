using System.Globalization;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>What the evaluation page shows, as its address says it. What is not in the address has its default.</summary>
/// <param name="Threshold">0..1; null for the balanced one.</param>
/// <param name="Prevalence">Share of people who have it elsewhere, 0.001..0.5.</param>
public sealed record EvaluationAddress(double? Threshold = null, double Prevalence = EvaluationAddress.UsualPrevalence)
{
    public const double UsualPrevalence = 0.05;
    public const double LeastPrevalence = 0.001;
    public const double MostPrevalence = 0.5;

    /// <summary>Values that are no numbers count as not given; numbers outside the range are brought to its end.</summary>
    public static EvaluationAddress Parse(string? threshold, string? prevalence) => new(
        Number(threshold) is { } cut ? Math.Clamp(cut, 0, 1) : null,
        Number(prevalence) is { } share ? Math.Clamp(share, LeastPrevalence, MostPrevalence) : UsualPrevalence);

    public string Of(int runId)
    {
        List<string> query = [];
        if (Threshold is { } threshold) query.Add($"threshold={Text(threshold)}");
        if (Prevalence != UsualPrevalence) query.Add($"prevalence={Text(Prevalence)}");
        return $"/runs/{runId}/evaluation{(query.Count > 0 ? "?" : "")}{string.Join('&', query)}";
    }

    /// <returns>Every digit that it takes to read the same number back.</returns>
    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
