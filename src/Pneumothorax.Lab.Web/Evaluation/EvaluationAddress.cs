using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>What the evaluation page shows, as its address says it. What is not in the address has its default.</summary>
/// <param name="Threshold">0..1; null for the frozen one, or else for the one that the rule chooses.</param>
/// <param name="Prevalence">Share of people who have it elsewhere, 0.001..0.5.</param>
/// <param name="Frozen">Threshold of the frozen operating point, 0..1; null while none is.</param>
public sealed record EvaluationAddress(double? Threshold = null, double Prevalence = EvaluationAddress.UsualPrevalence, double? Frozen = null)
{
    public const double UsualPrevalence = 0.05;
    public const double LeastPrevalence = 0.001;
    public const double MostPrevalence = 0.5;

    /// <summary>Everything as usual.</summary>
    public EvaluationAddress() : this(Threshold: null) { }

    /// <summary>How the operating point is chosen on validation, or was when it was frozen.</summary>
    public OperatingRule Rule { get; init; } = OperatingPoint.Usual;

    /// <summary>Values that are no numbers count as not given; numbers outside the range are brought to its end.</summary>
    public static EvaluationAddress Parse(string? threshold, string? prevalence, string? rule = null, string? frozen = null) => new(
        UrlQuery.Share(threshold),
        UrlQuery.Number(prevalence) is { } share ? Math.Clamp(share, LeastPrevalence, MostPrevalence) : UsualPrevalence,
        UrlQuery.Share(frozen))
    {
        Rule = OperatingPoint.Parse(rule),
    };

    public string Of(int runId) => $"/runs/{runId}/evaluation{Query()}";

    /// <returns>With the question mark; empty where everything has its default.</returns>
    public string Query()
    {
        List<string> query = [];
        if (Rule != OperatingPoint.Usual) query.Add($"rule={OperatingPoint.Word(Rule)}");
        if (Frozen is { } frozen) query.Add($"frozen={UrlQuery.Text(frozen)}");
        if (Threshold is { } threshold) query.Add($"threshold={UrlQuery.Text(threshold)}");
        if (Prevalence != UsualPrevalence) query.Add($"prevalence={UrlQuery.Text(Prevalence)}");
        return UrlQuery.Of(query);
    }
}
