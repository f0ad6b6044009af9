using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Charts;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Runs;

/// <summary>Live view of one run. The address is the state: a copied link reopens it, whatever stage the run is in.</summary>
public sealed partial class RunPage(
    RunStore store, RunLauncher launcher, RunFeed feed, DatasetStore datasets, ViewerAccessor viewers,
    TestScores scores, QueueBoard board, QueueControl control, IDialogService dialogs, NavigationManager navigation, TimeProvider clock) : LiveComponentBase
{
    private const int LogLines = 200;

    private int _watched;

    private Viewer? _viewer;
    private Run? _run;
    private Run? _source;
    private string? _by;
    private bool _missing;
    private bool _isShared;

    /// <summary>Whether it is more to this viewer than a run that somebody shares.</summary>
    private bool _isListed;
    private string? _refused;
    private QueueForecast? _forecast;
    private Wait? _wait;
    private IReadOnlyList<RunAttempt> _attempts = [];
    private RunCurves _curves = new();
    private RunRecording? _recording;
    private List<string> _log = [];
    private IReadOnlyList<int> _checkpoints = [];
    private bool _isGone;
    private bool _hasEvaluation;
    private AurocResult? _test;
    private DatasetManifest? _manifest;
    private double? _stepsAnEpoch;
    private double? _alwaysClear;
    private CurveSpan _span = new(1, null, false);
    private CurveView _view = new();
    private RunFigures? _figures;

    [Parameter, EditorRequired]
    public int Id { get; set; }

    private TimeProvider Clock => clock;

    private TimeSpan? Took => _run is { StartedAt: { } started, EndedAt: { } ended } ? ended - started : null;

    private string EmptyText => _run!.State switch
    {
        RunState.Queued => "The first point appears here within ten seconds of its start.",
        RunState.Starting or RunState.Running => "Loading the network. The first point appears within seconds.",
        _ => "It ended before its first point.",
    };

    // The router reuses this component between two runs, so start here and not in OnInitialized.
    protected override async Task OnParametersSetAsync()
    {
        if (_watched == Id) return;

        await FollowNoMoreAsync();
        (_watched, _run, _source, _missing, _refused, _wait) = (Id, null, null, false, null, null);
        (_curves, _recording, _log, _checkpoints, _attempts, _hasEvaluation, _test) = (new(), null, [], [], [], false, null);
        Follow(WatchAsync);
    }

    private async Task WatchAsync(CancellationToken leave)
    {
        _viewer = await viewers.GetAsync();
        using var subscription = feed.Subscribe(Id);         // before the history is read: no gap between the two
        if (await store.FindAsync(Id, _viewer, leave) is not { } run)
        {
            _missing = true;
            StateHasChanged();
            return;
        }
        await LoadAsync(run, leave);
        StateHasChanged();
        // Below the curves, and larger: these need not wait for it.
        await ReadRecordingAsync(run, leave);
        StateHasChanged();
        // Both end with the page; whichever fails first says so.
        await await Task.WhenAny(ReadAsync(subscription, leave), WatchLineAsync(leave));
    }

    private async Task LoadAsync(Run run, CancellationToken leave)
    {
        var folder = store.FolderOf(run);
        (_isShared, _isListed) = (run.SharedAt is not null, run.IsListedFor(_viewer!));
        (_curves, var log) = await Task.Run(() => (RunCurves.Read(folder), _isListed ? folder.ReadLog(LogLines) : []), leave);
        _log = [.. log];
        _by = run.Owner is { } owner && owner.Id != _viewer!.MemberId ? owner.Name : null;      // updates come without the owner
        _manifest = datasets.Find(run.Dataset);
        (_stepsAnEpoch, _alwaysClear) = MeasureDataset(run);
        _source = run.CopiedFromId is { } source ? await store.FindAsync(source, _viewer!, leave) : null;
        await SetRunAsync(run, leave);
    }

    private async Task ReadAsync(RunSubscription subscription, CancellationToken leave)
    {
        await foreach (var update in subscription.ReadAllAsync(leave))
        {
            // Its owner may end the sharing while the page is open. Updates tell nothing of that: a trainer holds the row as it was at its start.
            _missing = update.IsDeleted || (!_isListed && await store.FindAsync(Id, _viewer!, leave) is null);
            if (_missing)
            {
                StateHasChanged();
                return;
            }
            await TakeAsync(update, leave);
        }
    }

    private async Task TakeAsync(RunUpdate update, CancellationToken leave)
    {
        if (update.FromStep is { } from) _curves.Cut(from);
        _curves.Add(update.Points);
        if (_isListed) _log.AddRange(update.Log);
        if (_log.Count > 2 * LogLines) _log.RemoveRange(0, _log.Count - LogLines);
        await SetRunAsync(update.Run, leave);
        await ReadRecordingAsync(update.Run, leave);
        StateHasChanged();
        if (_figures is not null) await _figures.RefreshAsync();
    }

    /// <summary>Takes the run over, and what its folder holds beside points.</summary>
    private async Task SetRunAsync(Run run, CancellationToken leave)
    {
        var folder = store.FolderOf(run);
        if (_run is null || _run.State != run.State || _run.Step / run.Hyperparameters.CheckpointEvery != run.Step / run.Hyperparameters.CheckpointEvery)
        {
            _checkpoints = folder.CheckpointSteps();
            _isGone = run.Step > 0 && !folder.IsThere;
        }
        if (_run?.State != run.State || _run.Attempt != run.Attempt)
        {
            _attempts = [.. (await store.AttemptsAsync([run], leave))[run.Id]];
            (_forecast, _wait) = run.State == RunState.Queued ? await WaitAsync(board.RefreshAsync(leave), run) : (_forecast, null);
            _hasEvaluation = run.State == RunState.Completed && folder.HasEvaluation;
            _test = _hasEvaluation ? await Task.Run(() => scores.Find(run), leave) : null;
        }
        _run = run;
        _span = new(run.Hyperparameters.Steps, _stepsAnEpoch, run.IsOver);
    }

    private async Task ReadRecordingAsync(Run run, CancellationToken leave)
    {
        var recording = _recording ?? new(store.FolderOf(run));
        await recording.RefreshAsync(leave);
        _recording = recording;
    }

    /// <summary>The queue moves when other runs start, of which this run's feed says nothing; and time passes.</summary>
    private async Task WatchLineAsync(CancellationToken leave)
    {
        await foreach (var forecast in board.WatchAsync(leave))
        {
            if (_run is not { IsOver: false } run) continue;
            (_forecast, _wait) = (forecast, forecast.WaitOf(run.Id, _viewer!));
            StateHasChanged();
        }
    }

    private async Task<(QueueForecast Forecast, Wait? Wait)> WaitAsync(Task<QueueForecast> reading, Run run)
    {
        var forecast = await reading;
        return (forecast, forecast.WaitOf(run.Id, _viewer!));
    }

    private (double? StepsAnEpoch, double? AlwaysClear) MeasureDataset(Run run)
    {
        if (_manifest is null) return default;
        try
        {
            var images = datasets.Open(run.Dataset)[SplitName.Train].TrainingRows.Count;
            return ((double)images / run.Hyperparameters.BatchSize,
                _manifest[SplitName.Validation] is { Images: > 0 } split ? 1 - (double)split.Positives / split.Images : null);
        }
        catch (InvalidDataException)
        {
            return default;         // the charts can do without
        }
    }

    private async Task CancelAsync()
    {
        var step = _run!.Step;
        var kept = step == 0 ? "It has not trained yet." : $"It has reached step {DisplayText.Number(step)}. Its points are kept, and it can continue from its newest checkpoint.";
        if (!await ConfirmDialog.AskAsync(dialogs, $"Cancel run {Id}?", kept, "Cancel run", "Let it run")) return;
        await TryAsync(viewer => launcher.CancelAsync(Id, viewer));
    }

    private async Task ShareAsync(bool share)
    {
        await TryAsync(viewer => launcher.ShareAsync(Id, share, viewer));
        if (_refused is null) _isShared = share;
    }

    private Task AllowAsync(int minutes) => TryAsync(viewer => control.AllowAsync(Id, minutes, viewer));

    private Task ResumeAsync() => TryAsync(viewer => launcher.ResumeAsync(Id, viewer));

    private async Task EvaluateAsync()
    {
        const string Then = "Its best checkpoint is applied to every test image once. Then the run is complete and cannot be continued.";
        if (!await ConfirmDialog.AskAsync(dialogs, $"Evaluate run {Id} as it is?", Then, "Evaluate it", "Cancel")) return;
        await TryAsync(viewer => launcher.EvaluateAsync(Id, viewer));
    }

    private async Task DeleteAsync()
    {
        if (!await RunDeletion.ConfirmAsync(dialogs, store, _run!)) return;
        await TryAsync(viewer => launcher.DeleteAsync(Id, viewer));
        if (_refused is null) navigation.NavigateTo("/runs");
    }

    private async Task TryAsync(Func<Viewer, Task> act)
    {
        _refused = null;
        try { await act(_viewer!); }
        catch (Exception exception) when (exception is RequestRefusedException or RunNotFoundException) { _refused = exception.Message; }
    }

    private PinnedView Seen(Run run) => new(
        FormattableString.Invariant($"/runs/{run.Id}"),
        $"{run.Name} (run {run.Id}), {run.State.ToString().ToLowerInvariant()} at step {DisplayText.Number(run.Step)}{(_manifest?.Synthetic == true ? ". Synthetic images" : "")}");

    private string TitleOf(string dataset) => datasets.Find(dataset)?.Title ?? dataset;

    private static string Figure(double? value) => value is { } figure ? DisplayText.Figure(figure) : "–";

    private static string Speed(double imagesPerSecond) =>
        imagesPerSecond.ToString(imagesPerSecond < 10 ? "0.0" : "#,##0", CultureInfo.InvariantCulture);
}
