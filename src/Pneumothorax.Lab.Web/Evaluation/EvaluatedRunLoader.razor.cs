using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>Lets a page see a run's evaluation as soon as there is one, and says in its place why there is none.</summary>
public sealed partial class EvaluatedRunLoader(
    RunStore runs, RunFeed feed, Evaluations evaluations, DatasetPreparation preparation, ViewerAccessor viewers, NavigationManager navigation) : IAsyncDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private PreparationState _preparation = preparation.Status.State;
    private int? _asked;
    private Run? _run;
    private RunEvaluation? _evaluation;
    private string? _damage;
    private RunSubscription? _subscription;
    private Task _watching = Task.CompletedTask;

    [Parameter, EditorRequired]
    public int RunId { get; set; }

    /// <summary>The page's heading while there is no evaluation.</summary>
    [Parameter, EditorRequired]
    public Func<Run, string> Title { get; set; } = default!;

    /// <summary>The page's word in the row of links above the heading.</summary>
    [Parameter, EditorRequired]
    public string Here { get; set; } = "";

    /// <summary>A sentence: what will appear here.</summary>
    [Parameter, EditorRequired]
    public string What { get; set; } = "";

    [Parameter, EditorRequired]
    public RenderFragment<EvaluatedRun> Evaluated { get; set; } = default!;

    protected override void OnInitialized() => preparation.Changed += LookAgain;

    protected override async Task OnParametersSetAsync()
    {
        if (_asked == RunId) return;

        // The router reuses this component between two runs.
        await StopAsync();
        (_asked, _run, _evaluation, _damage) = (RunId, null, null, null);
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        // Not while prerendering: nobody would listen.
        if (_subscription is not null || _run is not { IsOver: false } || _evaluation is not null) return;

        _subscription = feed.Subscribe(RunId);
        _watching = WatchAsync(_subscription);
    }

    public async ValueTask DisposeAsync()
    {
        preparation.Changed -= LookAgain;
        await _leave.CancelAsync();
        await StopAsync();
        _leave.Dispose();
    }

    /// <summary>The X-rays of a run may come later than the page: the lab draws them at its first start.</summary>
    private void LookAgain()
    {
        if (preparation.Status.State == _preparation) return;

        _preparation = preparation.Status.State;
        _ = InvokeAsync(StateHasChanged);
    }

    private async Task LoadAsync()
    {
        var asked = RunId;
        var run = await runs.FindAsync(asked, await viewers.GetAsync(), _leave.Token);
        if (run is null)
        {
            navigation.NotFound();
            return;
        }
        RunEvaluation? evaluation = null;
        string? damage = null;
        // Reading tens of megabytes must not hold up the other pages of this reader.
        try { evaluation = await Task.Run(() => evaluations.Find(run), _leave.Token); }
        catch (InvalidDataException exception) { damage = exception.Message; }

        if (asked == RunId) (_run, _evaluation, _damage) = (run, evaluation, damage);
    }

    private async Task WatchAsync(RunSubscription subscription)
    {
        try
        {
            await LoadAsync();      // it may have ended before the subscription began
            StateHasChanged();
            await foreach (var update in subscription.ReadAllAsync(_leave.Token))
            {
                _run = update.Run;
                if (_run.IsOver) await LoadAsync();
                StateHasChanged();
                if (_run is { IsOver: true }) break;
            }
        }
        catch (OperationCanceledException) when (_leave.IsCancellationRequested)
        {
            // The reader has left.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task StopAsync()
    {
        _subscription?.Dispose();
        await _watching;
        (_subscription, _watching) = (null, Task.CompletedTask);
    }
}
