using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Experiments.Metrics;
using Pneumothorax.Lab.Web.Explanation;
using Pneumothorax.Lab.Web.Parts;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>The evaluation of one run at one threshold. It keeps no state of its own: what is set goes out as a new address.</summary>
public sealed partial class EvaluationView
{
    private RunEvaluation? _read;
    private EvaluationModel _model = default!;
    private IReadOnlyList<ChoiceOption<string>> _presets = [];
    private double _counted = double.NaN;
    private ConfusionMatrix _cells = default!;
    private ChartSpec _roc = default!;
    private ChartSpec _scores = default!;
    private ChartSpec _precisionRecall = default!;
    private ChartSpec _calibration = default!;

    [Parameter, EditorRequired]
    public int RunId { get; set; }

    [Parameter, EditorRequired]
    public RunEvaluation Evaluation { get; set; } = default!;

    /// <summary>Threshold and prevalence.</summary>
    [Parameter, EditorRequired]
    public EvaluationAddress Address { get; set; } = default!;

    [Parameter]
    public EventCallback<EvaluationAddress> AddressChanged { get; set; }

    private double Threshold => _model.ThresholdOf(Address);

    private ThresholdPreset? Preset => _model.Presets.FirstOrDefault(preset => preset.Threshold == Threshold);

    private string? Chosen => Preset?.Title;

    private string CommonAnswer => _model.Images.Prevalence > 0.5 ? "HAS" : "clear";

    private string AreaDoubt => _model.Area switch
    {
        { Low: { } low, High: { } high } => $"{Figures.Figure(low)} to {Figures.Figure(high)}",
        { Value: not null } => "too few images for an interval",
        _ => "one class only",
    };

    private string Reason => Preset is { } preset
        ? $"{preset.Reason} The test images had no say in it."
        : $"Grey bands: 95 % intervals of what is plotted upwards. {(_model.Presets.Count > 0 ? "You set this threshold while looking at the test images; one that is to be used is chosen on validation." : "")}";

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_read, Evaluation))
        {
            (_read, _model, _counted) = (Evaluation, new(Evaluation), double.NaN);
            _presets = [.. _model.Presets.Select(preset => new ChoiceOption<string>(preset.Title, preset.Title, preset.Reason))];
        }
        if (_counted == Threshold) return;

        _counted = Threshold;
        _cells = _model.Images.At(Threshold);
        _roc = _model.Roc.At(Threshold, _cells);
        _scores = _model.Scores(Threshold);
        _precisionRecall = _model.PrecisionRecall.AtPrecision(Threshold, _cells);
        _calibration = _model.CalibrationCurve with { Threshold = new(Threshold) };
    }

    private Task SetThresholdAsync(double threshold) => AddressChanged.InvokeAsync(Address with { Threshold = threshold });

    private Task ChooseAsync(string title) => SetThresholdAsync(_model.Presets.First(preset => preset.Title == title).Threshold);

    /// <summary>A hand on the chart means thousandths, not the fifteen digits of a pixel.</summary>
    private Task DragAsync(double x) => SetThresholdAsync(Math.Round(Math.Clamp(x, 0, 1), 3));

    private Task ClickAsync(ChartSpec curve, ChartClick click) =>
        click.Index is { } index && _model.ThresholdAt(curve, index) is { } threshold ? SetThresholdAsync(threshold) : Task.CompletedTask;

    private string ImagesAddress(Outcome outcome) => new ExplanationAddress { Show = outcome, Threshold = Threshold }.Of(RunId);
}
