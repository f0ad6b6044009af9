using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.OperatingPoints;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>The operating point: chosen on validation, frozen, read on test. It keeps no state: what is set goes out as a new address.</summary>
public sealed partial class OperatingPointPanel
{
    private static readonly IReadOnlyList<SegmentOption<string>> s_kinds =
    [
        new("balanced", "Balanced", "The highest sum of sensitivity and specificity."),
        new("sensitivity", "Sensitivity", "Find at least this share of those with a pneumothorax."),
        new("specificity", "Specificity", "Clear at least this share of those without one."),
        new("cost", "Costs", "Weigh a missed image against a false alarm."),
    ];

    private (EvaluationModel? Of, OperatingRule? By) _asked;
    private double? _chosen;

    [Parameter, EditorRequired]
    public EvaluationModel Model { get; set; } = default!;

    [Parameter, EditorRequired]
    public EvaluationUrlState Address { get; set; } = default!;

    [Parameter]
    public EventCallback<EvaluationUrlState> AddressChanged { get; set; }

    /// <summary>The frozen threshold, or else the one that the rule chooses.</summary>
    private double? Point => Address.Frozen ?? _chosen;

    /// <summary>Whether any two validation images can be told apart at all.</summary>
    private bool CanChoose => Model.Validation is { HasBothClasses: true, Ranked.Scores.Length: > 1 };

    private string Kind => Address.Rule switch
    {
        OperatingRule.Sensitivity => "sensitivity",
        OperatingRule.Specificity => "specificity",
        OperatingRule.Cost => "cost",
        _ => "balanced",
    };

    protected override void OnParametersSet()
    {
        if (_asked == (Model, Address.Rule)) return;

        _asked = (Model, Address.Rule);
        _chosen = OperatingPoint.Choose(Model.Validation, Address.Rule);
    }

    private Task ChooseKindAsync(string kind) => SetRuleAsync(kind switch
    {
        "sensitivity" => new OperatingRule.Sensitivity(0.95),
        "specificity" => new OperatingRule.Specificity(0.95),
        "cost" => new OperatingRule.Cost(10),
        _ => OperatingPoint.Usual,
    });

    private Task SetRuleAsync(OperatingRule rule) => AddressChanged.InvokeAsync(Address with { Rule = rule, Threshold = null });

    private Task FreezeAsync() => AddressChanged.InvokeAsync(Address with { Frozen = _chosen, Threshold = null });

    private Task ChooseAgainAsync() => AddressChanged.InvokeAsync(Address with { Frozen = null, Threshold = null });

    /// <summary>"480 images, 163 HAVE it".</summary>
    private static string Of(ScoredImages images) => images.Count == 0 ? "no images" : FormattableString.Invariant($"{Figures.Count(images.Count, "image", "images")}, {images.Positives:#,##0} HAVE it");

    private RenderFragment Costs(ConfusionMatrix cells) => builder =>
    {
        if (Address.Rule is not OperatingRule.Cost cost || cost.PerPerson(cells) is not { } each) return;

        builder.OpenElement(0, "p");
        builder.AddContent(1, FormattableString.Invariant($"Errors on 1,000 people cost as much as {1000 * each:#,##0} false alarms."));
        builder.CloseElement();
    };
}
