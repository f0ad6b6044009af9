using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Failures;

/// <summary>Where a run fails. The address is the state: a copied link opens the same images in the same order.</summary>
public sealed partial class FailuresPage(
    DatasetStore datasets, DatasetPreparation preparation, RunStore runs, Evaluations evaluations, ViewerAccessor viewers) : UrlStatePage<FailuresUrlState>
{
    private RunEvaluation? _evaluation;
    private EvaluatedImages? _images;
    private IReadOnlyList<Run> _visible = [];
    private IReadOnlyList<Run> _candidates = [];
    private (RunEvaluation Of, IReadOnlyList<Run> Visible)? _candidatesFor;
    private int? _otherAsked;
    private EvaluatedRun? _other;
    private string? _otherProblem;

    [Parameter]
    public int Id { get; set; }

    // Strings, so that a mistyped address opens the page all the same.
    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    private string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "slice")]
    private string? Slice { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    [SupplyParameterFromQuery(Name = "other")]
    private string? Other { get; set; }

    [SupplyParameterFromQuery(Name = "threshold")]
    private string? Threshold { get; set; }

    [SupplyParameterFromQuery(Name = "maps")]
    private string? Maps { get; set; }

    protected override async Task OnInitializedAsync() => _visible = await runs.ListAsync(await viewers.GetAsync(), Leave);

    protected override async Task OnParametersSetAsync()
    {
        var inBar = FailuresUrlState.Parse(Sort, Show, Slice, Number, Other, Threshold, Maps);
        Read(inBar);
        await ReadOtherAsync();
    }

    private EvaluatedImages ImagesOf(RunEvaluation evaluation)
    {
        if (!ReferenceEquals(_evaluation, evaluation) || _images!.AreBeingDrawn) (_evaluation, _images) = (evaluation, EvaluatedImages.Find(datasets, evaluation.File, preparation));
        return _images!;
    }

    /// <returns>The other runs that this reader may see and that were tested on the same images: by the hash in their run.json, without opening their evaluations.</returns>
    private IReadOnlyList<Run> CandidatesFor(EvaluatedRun evaluated)
    {
        // The evaluation may be there before the list of runs is.
        if (_candidatesFor == (evaluated.Evaluation, _visible)) return _candidates;

        var info = evaluated.Evaluation.File.Info;
        _candidates = [.. _visible.Where(run => run.Id != evaluated.Run.Id && run.Dataset == info.Dataset && run.IsOver && HasSameImages(run, info.DataHash))];
        _candidatesFor = (evaluated.Evaluation, _visible);
        return _candidates;
    }

    private bool HasSameImages(Run run, string hash)
    {
        var folder = runs.FolderOf(run);
        if (!folder.HasEvaluation) return false;
        try { return folder.ReadSpec().DatasetHash == hash; }
        catch (Exception exception) when (exception is InvalidDataException or IOException) { return false; }       // no run.json to read: not one to offer
    }

    private async Task ReadOtherAsync()
    {
        if (_otherAsked == State.Other) return;

        (_otherAsked, _other, _otherProblem) = (State.Other, null, null);
        if (_otherAsked is not { } id) return;
        var run = _visible.FirstOrDefault(visible => visible.Id == id);
        if (run is null)
        {
            _otherProblem = $"Run {id} was not found.";
            return;
        }
        try
        {
            // A large file must not hold up the reader's other pages.
            var evaluation = await Task.Run(() => evaluations.Find(run), Leave);
            if (_otherAsked != id) return;
            if (evaluation is null) _otherProblem = EvaluationApi.NotYet(run);
            else _other = new(run, evaluation);
        }
        catch (InvalidDataException exception) { if (_otherAsked == id) _otherProblem = exception.Message; }
        catch (OperationCanceledException) when (Leave.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    private async Task ChangeAsync(FailuresUrlState address)
    {
        Write(address, address.Of(Id));
        await ReadOtherAsync();
    }
}
