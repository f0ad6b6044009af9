using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.OwnImages;

/// <summary>A reader's own images, and one of them with what models say. The address is the state; it opens for its owner only.</summary>
public sealed partial class OwnImagesPage(
    OwnImageService desk, CurrentModel current, Evaluations evaluations, ViewerAccessor viewers, NavigationManager navigation, IDialogService dialogs) : UrlStatePage<OwnImageUrlState>
{
    private IReadOnlyList<Run> _runs = [];
    private IReadOnlyList<Run> _chosen = [];
    private List<AskedModel> _models = [];
    private IReadOnlyList<OwnImage> _images = [];
    private OwnImage? _image;
    private bool _loaded;

    [Parameter]
    public string? Id { get; set; }

    // Strings, so that a mistyped address opens the page all the same.
    [SupplyParameterFromQuery(Name = "runs")]
    private string? Runs { get; set; }

    [SupplyParameterFromQuery(Name = "class")]
    private string? Class { get; set; }

    [SupplyParameterFromQuery(Name = "opacity")]
    private string? Opacity { get; set; }

    [SupplyParameterFromQuery(Name = "colours")]
    private string? Colours { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        Guid? image = Guid.TryParse(Id, out var id) ? id : null;
        var inBar = OwnImageUrlState.Parse(image, Runs, Class, Opacity, Colours);
        if (!Read(inBar, isElsewhere: image != State.Image)) return;

        var viewer = await viewers.GetAsync();
        _image = image is { } open ? desk.Find(viewer, open) : null;
        if (Id is not null && _image is null)
        {
            navigation.NotFound();
            return;
        }
        try { await LoadAsync(viewer); }
        catch (Exception exception) when (PageGone.Explains(exception)) { }      // the reader has left
    }

    private async Task LoadAsync(Viewer viewer)
    {
        var wanted = State;
        _images = desk.List(viewer);
        var runs = await current.CandidatesAsync(viewer, Leave);
        var chosen = wanted.RunIdList.Select(asked => runs.FirstOrDefault(run => run.Id == asked)).OfType<Run>().ToList();
        if (chosen.Count == 0 && await current.FindAsync(viewer, Leave) is { } model) chosen.Add(model);
        // No model of the guide, but runs of their own.
        if (chosen.Count == 0 && runs.Count > 0) chosen.Add(runs[0]);
        if (wanted.Image != State.Image || wanted.Runs != State.Runs) return;

        (_runs, _chosen, _loaded) = (runs, chosen, true);
        _models = [];
        if (_image is null) return;
        var known = await Task.Run(() => chosen.Select(run => Known(viewer, wanted.Image!.Value, run)).ToList(), Leave);
        if (!IsShown(wanted, chosen)) return;
        _models = known;
        StateHasChanged();
        // A prerendered page waits for nobody's model; the live one follows at once.
        if (RendererInfo.IsInteractive) await AskAsync(viewer, wanted, chosen);
    }

    private async Task AskAsync(Viewer viewer, OwnImageUrlState wanted, List<Run> chosen)
    {
        for (var i = 0; i < chosen.Count && IsShown(wanted, chosen); i++)
        {
            if (_models[i] is not { Answer: null, Problem: null } silent) continue;
            AskedModel asked;
            try { asked = silent with { Answer = await desk.AnswerAsync(viewer, wanted.Image!.Value, silent.Run, Leave) }; }
            catch (RequestRefusedException refused) { asked = silent with { Problem = refused.Message }; }
            if (!IsShown(wanted, chosen)) return;
            _models = [.. _models.Select((model, place) => place == i ? asked : model)];
            StateHasChanged();
        }
    }

    /// <summary>Whether what was begun for an address is still wanted.</summary>
    private bool IsShown(OwnImageUrlState wanted, List<Run> chosen) => wanted.Image == State.Image && ReferenceEquals(chosen, _chosen);

    private AskedModel Known(Viewer viewer, Guid id, Run run)
    {
        RunEvaluation? evaluation = null;
        try { evaluation = evaluations.Find(run); }
        catch (InvalidDataException) { }       // the run's own page says what is wrong with it; here it is not needed
        try { return new(run, evaluation, desk.FindAnswer(viewer, id, run), null); }
        catch (RequestRefusedException refused) { return new(run, evaluation, null, refused.Message); }
    }

    private Task ChooseAsync(int place, object? value)
    {
        var id = int.TryParse(value?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var ids = _chosen.Select(run => run.Id).ToList();
        if (place == 0) ids = [id, .. ids.Skip(1).Where(other => other != id)];
        else ids = id == 0 ? [ids[0]] : [ids[0], id];
        navigation.NavigateTo((State with { Runs = RunIds.Join(ids) }).ToString());
        return Task.CompletedTask;
    }

    private Task OpenAsync(Guid image)
    {
        navigation.NavigateTo((State with { Image = image, Runs = RunIds.Join(_chosen.Select(run => run.Id)) }).ToString());
        return Task.CompletedTask;
    }

    private async Task DeleteAsync(OwnImage image)
    {
        if (!await ConfirmDialog.AskAsync(dialogs, "Delete this image?", "The picture and all answers about it will be deleted. This cannot be undone.", "Delete image", "Keep it")) return;
        var viewer = await viewers.GetAsync();
        desk.Delete(viewer, image.Id);
        _images = desk.List(viewer);
        if (image.Id == _image?.Id) navigation.NavigateTo((State with { Image = null }).ToString(), new NavigationOptions { ReplaceHistoryEntry = true });
    }

    private void Change(OwnImageUrlState address)
    {
        Write(address, address.ToString());
    }
}
