using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>What the explanation page shows, as its address says it. What is not in the address has its default.</summary>
public sealed record ExplanationUrlState
{
    public const int UsualOpacity = 75;
    public const int UsualLevel = 50;

    /// <summary>Of the test image, counted from 0.</summary>
    public int Index { get; init; }

    /// <summary>What the map explains.</summary>
    public MapTarget Target { get; init; } = MapTarget.Difference;

    public IExplanationMethod Method { get; init; } = ExplanationMethods.Stored;

    /// <summary>Of the highest value, in percent.</summary>
    public int Opacity { get; init; } = UsualOpacity;

    public ColourMap Colours { get; init; } = ColourMap.Inferno;

    /// <summary>Whether each map is stretched over all colours by itself, rather than on one scale for all images.</summary>
    public bool OwnScale { get; init; }

    /// <summary>Only the test images with this outcome; null for all.</summary>
    public Outcome? Show { get; init; }

    /// <summary>Only the test images whose feature maps are kept.</summary>
    public bool KeptOnly { get; init; }

    /// <summary>Where the predicted box begins, in percent of the map's highest value.</summary>
    public int Level { get; init; } = UsualLevel;

    /// <summary>Null for the balanced one.</summary>
    public double? Threshold { get; init; }

    /// <summary>Figures that mean nothing count as not given, and numbers outside their range are brought to its end.</summary>
    public static ExplanationUrlState Parse(string? index, string? cls, string? opacity, string? colours, string? scale, string? show, string? threshold, string? method, string? only, string? level) => new()
    {
        Index = NumberText.Whole(index) is { } at ? Math.Max(0, at) : 0,
        Target = MapTargets.Parse(cls) ?? MapTarget.Difference,
        Method = ExplanationMethods.Find(method) ?? ExplanationMethods.Stored,
        KeptOnly = only == "kept",
        Level = UrlQuery.Percent(level, UsualLevel, least: 5),
        Opacity = UrlQuery.Percent(opacity, UsualOpacity),
        Colours = ColourMap.Find(colours ?? "") ?? ColourMap.Inferno,
        OwnScale = scale == "own",
        Show = Outcomes.Parse(show),
        Threshold = UrlQuery.Share(threshold),
    };

    public string Of(int runId)
    {
        List<string> query = [];
        if (Index != 0) query.Add(FormattableString.Invariant($"index={Index}"));
        if (Target != MapTarget.Difference) query.Add($"class={Target.Word()}");
        if (Method != ExplanationMethods.Stored) query.Add($"method={Method.Word}");
        if (Opacity != UsualOpacity) query.Add(FormattableString.Invariant($"opacity={Opacity}"));
        if (Colours != ColourMap.Inferno) query.Add($"colours={Colours.Name}");
        if (OwnScale) query.Add("scale=own");
        if (Show is { } outcome) query.Add($"show={outcome.Word()}");
        if (KeptOnly) query.Add("only=kept");
        if (Level != UsualLevel) query.Add(FormattableString.Invariant($"level={Level}"));
        if (Threshold is { } threshold) query.Add($"threshold={NumberText.RoundTrip(threshold)}");
        return $"/runs/{runId}/explanation{UrlQuery.Of(query)}";
    }

    /// <returns>Address of a map's picture, 256 x 256.</returns>
    public string Picture(int runId, int index, bool mapOnly) => FormattableString.Invariant(
        $"/api/runs/{runId}/cam/{index}.png?class={Target.Word()}&colours={Colours.Name}&scale={(OwnScale ? "positive" : "all")}")
        + (Method == ExplanationMethods.Stored ? "" : $"&method={Method.Word}") + (mapOnly ? "&layer=map" : FormattableString.Invariant($"&opacity={Opacity / 100.0}"));
}
