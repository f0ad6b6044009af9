using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Recordings;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Guide.Pictures;

/// <summary>What the reader's latest run that recorded it has kept, live; the lab's reference run until there is one.</summary>
public sealed partial class LatestRecording(RunStore store, RunFeed feed, ViewerAccessor viewers) : LiveComponentBase
{
    private Viewer? _viewer;
    private Run? _run;
    private RunRecording? _recording;
    private bool _looked;

    [Parameter, EditorRequired]
    public RecordedPart.Kind Part { get; set; }

    private string What => Part == RecordedPart.Kind.Maps ? "Where a run looked during training" : "Distributions of a run";

    protected override void OnAfterRender(bool firstRender)
    {
        // Not while prerendering: nobody would listen.
        if (firstRender) Follow(WatchAsync);
    }

    private async Task WatchAsync(CancellationToken leave)
    {
        _viewer = await viewers.GetAsync();
        using var subscription = feed.SubscribeAll(_viewer);         // before the files are read: no gap between the two
        await FindAsync(leave);
        _looked = true;
        StateHasChanged();
        await foreach (var update in subscription.ReadAllAsync(leave)) await TakeAsync(update, leave);
    }

    /// <summary>The reader's own before the reference run, the newest first; one that has ended without recording is passed over.</summary>
    private async Task FindAsync(CancellationToken leave)
    {
        (_run, _recording) = (null, null);
        var runs = (await store.ListAsync(_viewer!, leave)).Where(run => IsMine(run) || run.IsReference);
        foreach (var run in runs.OrderBy(run => run.IsReference).ThenByDescending(run => run.Id))
        {
            if (!Records(run)) continue;
            var recording = new RunRecording(store.FolderOf(run));
            await recording.RefreshAsync(leave);
            if (!HasSome(recording) && (run.IsOver || run.State == Experiments.Runs.RunState.Queued)) continue;
            (_run, _recording) = (run, recording);
            return;
        }
    }

    private async Task TakeAsync(RunUpdate update, CancellationToken leave)
    {
        if (!IsMine(update.Run) || !Records(update.Run)) return;
        var isShown = update.Run.Id == _run?.Id;
        if (isShown && !update.IsDeleted)
        {
            var isOver = _run!.IsOver;
            _run = update.Run;
            if (!await _recording!.RefreshAsync(leave) && isOver == _run.IsOver) return;
        }
        else if (isShown || _run is not { IsReference: false } || update.Run.Id > _run.Id)
        {
            await FindAsync(leave);
        }
        StateHasChanged();
    }

    private bool IsMine(Run run) => !run.IsReference && run.OwnerId == _viewer!.MemberId;

    private bool Records(Run run) => Part == RecordedPart.Kind.Maps ? run.Hyperparameters.RecordImages : run.Hyperparameters.RecordDistributions;

    private bool HasSome(RunRecording recording) => (Part == RecordedPart.Kind.Maps ? recording.Maps : recording.Layers).Count > 0;
}
