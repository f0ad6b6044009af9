using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>How good a run is. The address is the state: a copied link opens at the same threshold, with the same point frozen.</summary>
public sealed partial class EvaluationPage(DatasetStore datasets, DatasetPreparation preparation) : UrlStatePage<EvaluationUrlState>
{
    private (RunEvaluation? Of, EvaluationUrlState? At, double Threshold) _shown;

    [Parameter]
    public int Id { get; set; }

    // Strings, so that a mistyped address opens the page all the same.
    [SupplyParameterFromQuery(Name = "threshold")]
    private string? Threshold { get; set; }

    [SupplyParameterFromQuery(Name = "prevalence")]
    private string? Prevalence { get; set; }

    [SupplyParameterFromQuery(Name = "rule")]
    private string? Rule { get; set; }

    [SupplyParameterFromQuery(Name = "frozen")]
    private string? Frozen { get; set; }

    protected override void OnParametersSet()
    {
        var inBar = EvaluationUrlState.Parse(Threshold, Prevalence, Rule, Frozen);
        Read(inBar);
    }

    private void Show(EvaluationUrlState address)
    {
        Write(address, address.Of(Id));
    }

    /// <summary>With the threshold written out: the balanced one may be another once the run has gone on.</summary>
    private PinnedView Seen(EvaluatedRun evaluated)
    {
        var threshold = ThresholdOn(evaluated.Evaluation);
        var synthetic = datasets.Find(evaluated.Evaluation.File.Info.Dataset)?.Synthetic == true;
        return new(
            (State with { Threshold = threshold }).Of(Id),
            $"How good is {evaluated.Name}: AUROC {Figures.Figure(evaluated.Evaluation.Auroc.Value)}, threshold {Figures.Threshold(threshold)}{(synthetic ? ". Synthetic" : "")}");
    }

    private double ThresholdOn(RunEvaluation evaluation)
    {
        if (_shown.Of != evaluation || _shown.At != State) _shown = (evaluation, State, State.ThresholdOf(evaluation));
        return _shown.Threshold;
    }

    private static string TitleOf(Run run) => $"How good is {EvaluatedRun.NameOf(run)}?";

    private static string LeadOf(RunEvaluation evaluation) =>
        $"{Figures.Count(evaluation.File.Count, "test image", "test images")} it has never seen; " +
        $"{(evaluation.Positives == 0 ? "none" : $"{evaluation.Positives:#,##0}")} of them {(evaluation.Positives <= 1 ? "shows" : "show")} a pneumothorax.";
}
