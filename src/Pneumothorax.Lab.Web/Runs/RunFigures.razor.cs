using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;

namespace Pneumothorax.Lab.Web.Runs;

/// <summary>
/// The three charts of a run. They render when something but the data changes; new points go straight to the browser.
/// </summary>
public sealed partial class RunFigures
{
    private static readonly SegmentOption<bool>[] s_axes = [new(false, "Step"), new(true, "Epoch")];

    private Chart? _lossChart;
    private Chart? _accuracyChart;
    private Chart? _aurocChart;
    private ChartSpec _loss = default!;
    private ChartSpec _accuracy = default!;
    private ChartSpec _auroc = default!;
    private CurveView? _view;
    private (ChartRange? Loss, ChartRange? Accuracy, ChartRange? Auroc) _closer;
    private (ChartSpec Loss, ChartSpec Accuracy, ChartSpec Auroc) _drawn;
    private bool _changed = true;

    /// <summary>The points; the page adds to them and calls <see cref="RefreshAsync"/>.</summary>
    [Parameter, EditorRequired]
    public RunCurves Curves { get; set; } = default!;

    [Parameter, EditorRequired]
    public CurveSpan Span { get; set; } = default!;

    /// <summary>Smoothing, scales and unit of the axes.</summary>
    [Parameter]
    public CurveView View { get; set; } = new();

    [Parameter]
    public EventCallback<CurveView> ViewChanged { get; set; }

    /// <summary>Accuracy of calling every validation image clear.</summary>
    [Parameter]
    public double? AlwaysClear { get; set; }

    /// <summary>Images of the validation split; 0 where that is not known.</summary>
    [Parameter]
    public int ValidationImages { get; set; }

    /// <summary>Step of the best checkpoint.</summary>
    [Parameter]
    public int? BestStep { get; set; }

    /// <summary>Where all points can be had.</summary>
    [Parameter]
    public string? CsvAddress { get; set; }

    /// <summary>What the empty axes say.</summary>
    [Parameter]
    public string Empty { get; set; } = "";

    protected override void OnParametersSet()
    {
        // The page renders at every update of its run; the charts hear of that through RefreshAsync.
        if (_view == View && _drawn.Loss is not null) return;
        if ((_view?.Epochs, _view?.LogSteps) != (View.Epochs, View.LogSteps)) _closer = default;      // the chart shows all of another axis
        _view = View;
        Draw(Build());
    }

    protected override bool ShouldRender() => _changed;

    protected override void OnAfterRender(bool firstRender) => _changed = false;

    /// <summary>Shows the points that were added since, and what else changed.</summary>
    public async Task RefreshAsync()
    {
        var next = Build();
        var all = await ShowAsync(_lossChart, _drawn.Loss, next.Loss)
            & await ShowAsync(_accuracyChart, _drawn.Accuracy, next.Accuracy)
            & await ShowAsync(_aurocChart, _drawn.Auroc, next.Auroc);
        if (all)
        {
            _drawn = next;
            return;
        }
        Draw(next);
        StateHasChanged();
    }

    private static async Task<bool> ShowAsync(Chart? chart, ChartSpec drawn, ChartSpec next) =>
        ChartDeltas.Between(drawn, next) is { } deltas && (deltas.Count == 0 || (chart is not null && await chart.AppendAsync(deltas)));

    private (ChartSpec Loss, ChartSpec Accuracy, ChartSpec Auroc) Build() => (
        RunCharts.Loss(Curves, Span, View, Empty, _closer.Loss) with { CsvAddress = CsvAddress },
        RunCharts.Accuracy(Curves, Span, View, AlwaysClear, _closer.Accuracy) with { CsvAddress = CsvAddress },
        RunCharts.Auroc(Curves, Span, View, BestStep, _closer.Auroc) with { CsvAddress = CsvAddress });

    private void LookCloser((ChartRange? Loss, ChartRange? Accuracy, ChartRange? Auroc) closer)
    {
        _closer = closer;
        Draw(Build());
    }

    private void Draw((ChartSpec Loss, ChartSpec Accuracy, ChartSpec Auroc) specs)
    {
        (_loss, _accuracy, _auroc) = _drawn = specs;
        _changed = true;
    }

    private Task SetAsync(CurveView view) => ViewChanged.InvokeAsync(view);
}
