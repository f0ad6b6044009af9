using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Runs;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Guide.Pictures;

/// <summary>The curves of the reader's latest run inside a chapter, live. A run that is launched elsewhere takes its place.</summary>
public sealed partial class LatestRun(RunStore store, RunFeed feed, ViewerAccessor viewers) : LiveComponentBase
{
    private bool _looked;
    private Viewer? _viewer;
    private Run? _run;
    private RunCurves _curves = new();
    private IReadOnlyList<int> _checkpoints = [];
    private CurveSpan _span = new(1, null, false);
    private CurveView _view = new();
    private RunFigures? _figures;

    private string EmptyText => _run!.State switch
    {
        RunState.Queued => "The run is waiting in the queue. The first point appears here within ten seconds of its start.",
        RunState.Starting or RunState.Running => "Loading the network. The first point appears within seconds.",
        _ => "It ended before its first point.",
    };

    protected override void OnAfterRender(bool firstRender)
    {
        // Not while prerendering: nobody would listen.
        if (firstRender) Follow(WatchAsync);
    }

    private async Task WatchAsync(CancellationToken leave)
    {
        _viewer = await viewers.GetAsync();
        using var subscription = feed.SubscribeAll(_viewer);         // before the history is read: no gap between the two
        var latest = (await store.ListAsync(_viewer, leave)).FirstOrDefault(IsMine);
        if (latest is not null) await LoadAsync(latest, leave);
        _looked = true;
        StateHasChanged();
        await foreach (var update in subscription.ReadAllAsync(leave)) await TakeAsync(update, leave);
    }

    private bool IsMine(Run run) => !run.IsReference && run.OwnerId == _viewer!.MemberId;

    private async Task LoadAsync(Run run, CancellationToken leave)
    {
        var folder = store.FolderOf(run);
        var points = await Task.Run(() => folder.ReadMetrics().ToList(), leave);
        _curves = new();
        _curves.Add(points);
        Set(run);
    }

    private async Task TakeAsync(RunUpdate update, CancellationToken leave)
    {
        if (!IsMine(update.Run) || update.Run.Id < _run?.Id) return;
        if (update.IsDeleted)
        {
            _run = (await store.ListAsync(_viewer!, leave)).FirstOrDefault(IsMine);
            if (_run is not null) await LoadAsync(_run, leave);
        }
        else if (update.Run.Id != _run?.Id)
        {
            await LoadAsync(update.Run, leave);
        }
        else
        {
            if (update.FromStep is { } from) _curves.Cut(from);
            _curves.Add(update.Points);
            Set(update.Run);
        }
        StateHasChanged();
        if (_figures is not null) await _figures.RefreshAsync();
    }

    private void Set(Run run)
    {
        if (_run?.Id != run.Id || _run.State != run.State || _run.Step / run.Hyperparameters.CheckpointEvery != run.Step / run.Hyperparameters.CheckpointEvery)
        {
            _checkpoints = store.FolderOf(run).CheckpointSteps();
        }
        _run = run;
        _span = new(run.Hyperparameters.Steps, null, run.IsOver);
    }
}
