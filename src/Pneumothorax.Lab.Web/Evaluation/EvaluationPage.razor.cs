using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Guide.Questions;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>How good a run is. The address is the state: a copied link opens at the same threshold.</summary>
public sealed partial class EvaluationPage(DatasetStore datasets, NavigationManager navigation, TimeProvider clock) : IDisposable
{
    private readonly AddressKeeper _keeper = new(navigation, clock);
    private EvaluationAddress _address = new();
    private EvaluationAddress? _inBar;
    private (RunEvaluation? Of, double Threshold) _opening;

    [Parameter]
    public int Id { get; set; }

    // Strings, so that a mistyped address opens the page all the same.
    [SupplyParameterFromQuery(Name = "threshold")]
    private string? Threshold { get; set; }

    [SupplyParameterFromQuery(Name = "prevalence")]
    private string? Prevalence { get; set; }

    protected override void OnParametersSet()
    {
        var inBar = EvaluationAddress.Parse(Threshold, Prevalence);
        // Our own writing comes back to us, when the hand may be further already.
        if (inBar != _inBar) (_address, _inBar) = (inBar, inBar);
    }

    public void Dispose() => _keeper.Dispose();

    private void Show(EvaluationAddress address)
    {
        (_address, _inBar) = (address, address);
        _ = _keeper.ReplaceAsync(address.Of(Id));
    }

    /// <summary>With the threshold written out: the balanced one may be another once the run has gone on.</summary>
    private PinnedView Seen(EvaluatedRun evaluated)
    {
        if (_opening.Of != evaluated.Evaluation) _opening = (evaluated.Evaluation, ThresholdPreset.OpeningOf(evaluated.Evaluation));
        var threshold = _address.Threshold ?? _opening.Threshold;
        var synthetic = datasets.Find(evaluated.Evaluation.File.Info.Dataset)?.Synthetic == true;
        return new(
            (_address with { Threshold = threshold }).Of(Id),
            $"How good is {evaluated.Name}: AUROC {Figures.Figure(evaluated.Evaluation.Auroc.Value)}, threshold {Figures.Threshold(threshold)}{(synthetic ? ". Synthetic" : "")}");
    }

    private static string TitleOf(Run run) => $"How good is {EvaluatedRun.NameOf(run)}?";

    private static string LeadOf(RunEvaluation evaluation) =>
        $"{Figures.Count(evaluation.File.Count, "test image", "test images")} it has never seen; " +
        $"{(evaluation.Positives == 0 ? "none" : $"{evaluation.Positives:#,##0}")} of them {(evaluation.Positives <= 1 ? "shows" : "show")} a pneumothorax.";
}
