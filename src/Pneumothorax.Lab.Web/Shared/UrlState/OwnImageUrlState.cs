using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Cam;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Comparison;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>What the page of one's own images shows, as its address says it. What is not in the address has its default.</summary>
public sealed record OwnImageUrlState
{
    /// <summary>Two models beside each other can be compared; more would be a table.</summary>
    public const int MostRuns = 2;

    /// <summary>Null where no image is open.</summary>
    public Guid? Image { get; init; }

    /// <summary>The runs that are asked, as <c>1,2</c>; empty for the current model of the guide. Text, so that equal addresses are equal.</summary>
    public string Runs { get; init; } = "";

    /// <summary>What the maps explain.</summary>
    public MapTarget Target { get; init; } = MapTarget.Difference;

    /// <summary>Of the highest value, in percent.</summary>
    public int Opacity { get; init; } = ExplanationUrlState.UsualOpacity;

    public ColourMap Colours { get; init; } = ColourMap.Inferno;

    public IReadOnlyList<int> RunIdList => RunIds.Parse(Runs);

    /// <summary>Figures that mean nothing count as not given.</summary>
    public static OwnImageUrlState Parse(Guid? image, string? runs, string? cls, string? opacity, string? colours) => new()
    {
        Image = image,
        Runs = RunIds.Join(RunIds.Parse(runs).Take(MostRuns)),
        Target = MapTargets.Parse(cls) ?? MapTarget.Difference,
        Opacity = UrlQuery.Percent(opacity, ExplanationUrlState.UsualOpacity),
        Colours = ColourMap.Find(colours ?? "") ?? ColourMap.Inferno,
    };

    public override string ToString()
    {
        List<string> query = [];
        if (Runs.Length > 0) query.Add($"runs={Runs}");
        if (Target != MapTarget.Difference) query.Add($"class={Target.Word()}");
        if (Opacity != ExplanationUrlState.UsualOpacity) query.Add(FormattableString.Invariant($"opacity={Opacity}"));
        if (Colours != ColourMap.Inferno) query.Add($"colours={Colours.Name}");
        return $"/mine{(Image is { } image ? $"/{image:N}" : "")}{UrlQuery.Of(query)}";
    }

    /// <returns>Address of the grey picture, 256 x 256.</returns>
    public static string Picture(Guid image) => $"/api/images/{image:N}.png";

    /// <returns>Address of a run's map, alone or over the picture, 256 x 256.</returns>
    /// <param name="highest">End of the colour scale in logit units.</param>
    public string Map(Guid image, int runId, double highest, bool alone) =>
        FormattableString.Invariant($"/api/images/{image:N}/cam/{runId}.png?class={Target.Word()}&colours={Colours.Name}&highest={highest:R}")
        + (alone ? "&layer=map" : FormattableString.Invariant($"&opacity={Opacity / 100.0}"));
}
