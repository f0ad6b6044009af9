using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Evaluation.OperatingPoints;
using Pneumothorax.Lab.Evaluation.Slices;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>The evaluation of one run at one threshold. It keeps no state of its own: what is set goes out as a new address.</summary>
public sealed partial class EvaluationView
{
    private RunEvaluation? _read;
    private EvaluationModel _model = default!;
    private (double Threshold, double? Frozen) _counted = (double.NaN, null);
    private (OperatingRule? By, double? Threshold) _chosen;
    private ConfusionMatrix _cells = default!;
    private ChartSpec _roc = default!;
    private ChartSpec _scores = default!;
    private ChartSpec _precisionRecall = default!;
    private ChartSpec _calibration = default!;

    [Parameter, EditorRequired]
    public int RunId { get; set; }

    [Parameter, EditorRequired]
    public RunEvaluation Evaluation { get; set; } = default!;

    /// <summary>Rule, frozen point, threshold and prevalence.</summary>
    [Parameter, EditorRequired]
    public EvaluationUrlState Address { get; set; } = default!;

    [Parameter]
    public EventCallback<EvaluationUrlState> AddressChanged { get; set; }

    private double Threshold => Address.Threshold ?? Address.Frozen ?? _chosen.Threshold ?? ThresholdPreset.Half;

    /// <summary>The frozen threshold, where the one on show is another.</summary>
    private double? Left => Address.Frozen is { } frozen && frozen != Threshold ? frozen : null;

    private string? Standing => Address.Frozen == Threshold ? "the frozen point" : Address.Frozen is null && _chosen.Threshold == Threshold ? "as chosen on validation" : null;

    private string CommonAnswer => _model.Images.Prevalence > 0.5 ? "HAS" : "clear";

    private string AreaDoubt => _model.Area switch
    {
        { HasNoWidth: true } => _model.Images.Ranked.Scores.Length == 1 ? "all scores are equal: no interval" : "classes are fully separated: no interval",
        { Low: { } low, High: { } high } => $"{Figures.Figure(low)} to {Figures.Figure(high)}",
        { Value: not null } => "too few images for an interval",
        _ => "one class only",
    };

    /// <summary>What these test images cannot tell, in words; null where they can tell all.</summary>
    private string? Limits => _model.Images switch
    {
        { Positives: 0 } => "No test image HAS it. They cannot show how many people with a pneumothorax this model finds, so there are no curves.",
        { Negatives: 0 } => "Every test image HAS it. They cannot show how many false alarms this model gives, so there is no ROC curve.",
        { Ranked.Scores.Length: 1 } => "Every test image has the same score: the model does not distinguish them, and a threshold calls either all of them HAS, or none.",
        { Positives: 1 } => "Only one test image HAS it. Sensitivity is 0 or 1, and the area depends on that image alone, so no interval can be estimated.",
        { Negatives: 1 } => "Only one test image does not have it. Specificity is 0 or 1, and the area depends on that image alone, so no interval can be estimated.",
        { Ranked.Scores.Length: var distinct, Count: var count } when 4 * distinct <= count && distinct <= 20 => $"There are {distinct} different scores for {count:#,##0} images: images with the same score stay together at every threshold, and the curves have few corners.",
        _ => null,
    };

    private string Reason => (Standing, _chosen.Threshold) switch
    {
        ("the frozen point", _) => "The frozen operating point. It was chosen without the test images. ",
        (not null, _) => $"{OperatingPoint.InWords(Address.Rule)} Chosen on the validation images, without the test images. ",
        (_, null) => "",
        _ => "You set this threshold while looking at the test results; a threshold for use must be chosen on validation. ",
    } + "Grey bands: 95 % intervals of the vertical values.";

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_read, Evaluation))
        {
            (_read, _model, _counted, _chosen) = (Evaluation, new(Evaluation, RunId), (double.NaN, null), default);
        }
        if (_chosen.By != Address.Rule) _chosen = (Address.Rule, OperatingPoint.Choose(_model.Validation, Address.Rule));
        if (_counted == (Threshold, Left)) return;

        _counted = (Threshold, Left);
        _cells = _model.Images.At(Threshold);
        (double, ConfusionMatrix)? frozen = Left is { } left ? (left, _model.Images.At(left)) : null;
        _roc = _model.Roc.At(Threshold, _cells, frozen);
        _scores = _model.Scores(Threshold, Left);
        _precisionRecall = _model.PrecisionRecall.AtPrecision(Threshold, _cells, frozen);
        _calibration = _model.CalibrationCurve with { Threshold = new(Threshold) };
    }

    private Task SetThresholdAsync(double threshold) => AddressChanged.InvokeAsync(Address with { Threshold = threshold });

    /// <summary>A hand on the chart means thousandths, not the fifteen digits of a pixel.</summary>
    private Task DragAsync(double x) => SetThresholdAsync(Math.Round(Math.Clamp(x, 0, 1), 3));

    private Task ClickAsync(ChartSpec curve, ChartClick click) =>
        click.Index is { } index && _model.ThresholdAt(curve, index) is { } threshold ? SetThresholdAsync(threshold) : Task.CompletedTask;

    private string ImagesAddress(Outcome outcome) => new FailuresUrlState { Show = FailureText.Of(outcome), Threshold = Threshold }.Of(RunId);
}
