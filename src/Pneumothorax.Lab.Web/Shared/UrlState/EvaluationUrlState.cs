using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.OperatingPoints;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>What the evaluation page shows, as its address says it. What is not in the address has its default.</summary>
/// <param name="Threshold">0..1; null for the frozen one, or else for the one that the rule chooses.</param>
/// <param name="Prevalence">Share of people who have it elsewhere, 0.001..0.5.</param>
/// <param name="Frozen">Threshold of the frozen operating point, 0..1; null while none is.</param>
public sealed record EvaluationUrlState(double? Threshold = null, double Prevalence = EvaluationUrlState.UsualPrevalence, double? Frozen = null)
{
    public const double UsualPrevalence = 0.05;
    public const double LeastPrevalence = OperatingPoint.LeastPrevalence;
    public const double MostPrevalence = 0.5;

    /// <summary>Everything as usual.</summary>
    public EvaluationUrlState() : this(Threshold: null) { }

    /// <summary>How the operating point is chosen on validation, or was when it was frozen.</summary>
    public OperatingRule Rule { get; init; } = OperatingPoint.Usual;

    /// <summary>Values that are no numbers count as not given; numbers outside the range are brought to its end.</summary>
    public static EvaluationUrlState Parse(string? threshold, string? prevalence, string? rule = null, string? frozen = null) => new(
        UrlQuery.Share(threshold),
        NumberText.Number(prevalence) is { } share ? Math.Clamp(share, LeastPrevalence, MostPrevalence) : UsualPrevalence,
        UrlQuery.Share(frozen))
    {
        Rule = OperatingPoint.Parse(rule),
    };

    /// <returns>The threshold that the evaluation page shows at this address: its own, else the frozen one, else what its rule chooses.</returns>
    public double ThresholdOf(RunEvaluation evaluation) => Threshold ?? Frozen ?? ThresholdPreset.ChosenBy(Rule, evaluation);

    /// <returns>The address of the run's report: it has the same threshold, and says how it was chosen.</returns>
    public string OfReport(int runId) => $"/runs/{runId}/report{Query()}";

    public string Of(int runId) => $"/runs/{runId}/evaluation{Query()}";

    /// <returns>With the question mark; empty where everything has its default.</returns>
    public string Query()
    {
        List<string> query = [];
        if (Rule != OperatingPoint.Usual) query.Add($"rule={OperatingPoint.Word(Rule)}");
        if (Frozen is { } frozen) query.Add($"frozen={NumberText.RoundTrip(frozen)}");
        if (Threshold is { } threshold) query.Add($"threshold={NumberText.RoundTrip(threshold)}");
        if (Prevalence != UsualPrevalence) query.Add($"prevalence={NumberText.RoundTrip(Prevalence)}");
        return UrlQuery.Of(query);
    }
}
