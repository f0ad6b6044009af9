using Microsoft.AspNetCore.Components;
using MudBlazor;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Runs;

/// <summary>All runs that the viewer sees, live. The address keeps which ones are ticked for a comparison.</summary>
public sealed partial class RunListPage(
    RunStore store, RunLauncher launcher, RunFeed feed, DatasetStore datasets, ViewerAccessor viewers,
    TestScores scores, QueueBoard board, IDialogService dialogs, NavigationManager navigation, TimeProvider clock) : LiveComponentBase
{
    /// <summary>Rows at first: a term of a whole class is some thousands.</summary>
    private const int AtFirst = 50;

    private readonly Dictionary<int, string> _owners = [];
    private readonly Dictionary<int, AurocResult?> _tests = [];
    private readonly Dictionary<string, DatasetManifest?> _manifests = [];
    private Viewer? _viewer;
    private List<Run>? _runs;
    private QueueForecast? _forecast;
    private List<int> _chosen = [];
    private DateTimeOffset _now;
    private bool _all;
    private string? _refused;

    /// <summary>The ticked runs, as in the address of a comparison.</summary>
    [SupplyParameterFromQuery(Name = "runs")]
    public string? Chosen { get; set; }

    private string CompareWords => _chosen.Count switch
    {
        0 => "Select runs to compare",
        1 => "Select one more to compare",
        var count => $"Compare {count} runs",
    };

    private string? ComparisonUrlState => _chosen.Count < 2 ? null : $"/compare?runs={RunIds.Join(_chosen)}";

    protected override void OnInitialized() => Follow(WatchAsync);

    protected override void OnParametersSet() => _chosen = [.. RunIds.Parse(Chosen)];

    private async Task WatchAsync(CancellationToken leave)
    {
        _viewer = await viewers.GetAsync();
        using var subscription = feed.SubscribeAll(_viewer);
        var runs = await store.ListAsync(_viewer, leave);
        foreach (var run in runs.Where(run => run.Owner is not null && run.OwnerId != _viewer.MemberId)) _owners[run.Id] = run.Owner!.Name;
        // The shared run is there for everyone who has none: it stands last.
        _runs = [.. runs.OrderBy(run => run.IsReference)];
        await RefreshAsync(leave);
        foreach (var run in _runs.Take(AtFirst).Concat(_runs.Where(run => run.IsReference)).ToList()) await ReadTestAsync(run, leave);
        // Both end with the page; whichever fails first says so.
        await await Task.WhenAny(ReadAsync(subscription, leave), WatchLineAsync(leave));
    }

    private async Task ReadAsync(RunSubscription subscription, CancellationToken leave)
    {
        await foreach (var update in subscription.ReadAllAsync(leave))
        {
            await TakeAsync(update, leave);
            await RefreshAsync(leave);
        }
    }

    /// <summary>What was read a moment ago does not know of a run that joined since.</summary>
    private async Task<QueueForecast> ReadForecastAsync(CancellationToken leave)
    {
        var forecast = await board.ReadAsync(leave);
        return _runs!.Exists(run => run.State == RunState.Queued && forecast.View.PlaceOf(run.Id) is null) ? await board.RefreshAsync(leave) : forecast;
    }

    /// <summary>The queue moves when other people's runs start, of which the feed tells a student nothing.</summary>
    private async Task WatchLineAsync(CancellationToken leave)
    {
        await foreach (var forecast in board.WatchAsync(leave))
        {
            if (!_runs!.Exists(run => run.State == RunState.Queued)) continue;
            _forecast = forecast;
            StateHasChanged();
        }
    }

    private async Task TakeAsync(RunUpdate update, CancellationToken leave)
    {
        var at = _runs!.FindIndex(run => run.Id == update.Run.Id);
        if (update.IsDeleted)
        {
            if (at >= 0) _runs.RemoveAt(at);
        }
        else if (at >= 0)
        {
            _runs[at] = update.Run;
        }
        else if (await store.FindAsync(update.Run.Id, _viewer!, leave) is { } added)
        {
            if (added.Owner is { } owner && owner.Id != _viewer!.MemberId) _owners[added.Id] = owner.Name;
            _runs.Insert(0, added);
        }
        await ReadTestAsync(update.Run, leave);
    }

    private async Task ReadTestAsync(Run run, CancellationToken leave)
    {
        if (run.State != RunState.Completed || _tests.ContainsKey(run.Id)) return;
        _tests[run.Id] = await Task.Run(() => scores.Find(run), leave);
        StateHasChanged();
    }

    private async Task RefreshAsync(CancellationToken leave)
    {
        if (_runs!.Exists(run => run.State == RunState.Queued)) _forecast = await ReadForecastAsync(leave);
        // To the minute, so that a row is drawn anew only when its words change.
        var now = clock.GetLocalNow();
        _now = new(now.Date.AddMinutes(Math.Floor(now.TimeOfDay.TotalMinutes)), now.Offset);
        StateHasChanged();
    }

    private async Task ShowAllAsync()
    {
        _all = true;
        foreach (var run in _runs!.ToList()) await ReadTestAsync(run, Leave);
    }

    private void Choose(Run run, bool chosen)
    {
        List<int> now = chosen ? [.. _chosen, run.Id] : [.. _chosen.Where(id => id != run.Id)];
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("runs", now.Count == 0 ? null : RunIds.Join(now)), replace: true);
    }

    private async Task DeleteAsync(Run run)
    {
        _refused = null;
        if (!await RunDeletion.ConfirmAsync(dialogs, store, run)) return;
        try { await launcher.DeleteAsync(run.Id, _viewer!, Leave); }
        catch (Exception exception) when (exception is RequestRefusedException or RunNotFoundException) { _refused = exception.Message; }
    }

    private DatasetManifest? ManifestOf(Run run)
    {
        if (!_manifests.TryGetValue(run.Dataset, out var manifest)) _manifests[run.Dataset] = manifest = datasets.Find(run.Dataset);
        return manifest;
    }
}
