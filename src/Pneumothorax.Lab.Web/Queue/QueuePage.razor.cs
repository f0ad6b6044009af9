using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Queue;

/// <summary>The whole queue, live. A student sees where others stand, but not who they are; the instructor changes it here.</summary>
public sealed partial class QueuePage(QueueBoard board, QueueControl control, RunLauncher launcher, ViewerAccessor viewers, IDialogService dialogs, IJSRuntime js) : LiveComponentBase
{
    private readonly Dictionary<(int Run, Move Move), ElementReference> _buttons = [];
    private Viewer? _viewer;
    private QueueForecast? _forecast;
    private string _reason = "";
    private string? _refused;
    private string? _said;
    private (int Run, Move Move)? _toFocus;

    private bool IsInstructor => _viewer?.IsInstructor == true;

    private string? Lead
    {
        get
        {
            if (_forecast is not { } forecast) return null;
            var (waiting, underWay) = (forecast.View.InOrder.Count, forecast.View.UnderWay.Count());
            var sentence = $"{(waiting == 0 ? "No runs" : DisplayText.Leading(waiting) + (waiting == 1 ? " run" : " runs"))} waiting, {(underWay == 0 ? "none" : DisplayText.Leading(underWay).ToLowerInvariant())} running.";
            return _viewer?.IsInstructor == false && forecast.View.InOrder.FirstOrDefault(run => run.OwnerId == _viewer.MemberId) is { } own
                ? $"{sentence} Yours is {DisplayText.Ordinal(forecast.View.PlaceOf(own.RunId)!.Value)}."
                : sentence;
        }
    }

    protected override void OnInitialized() => Follow(WatchAsync);

    /// <summary>A button that moves with its row loses the focus on the way.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_toFocus is not { } button) return;
        _toFocus = null;
        try
        {
            if (_buttons.TryGetValue(button, out var element)) await element.FocusAsync();
        }
        catch (Exception exception) when (PageGone.Explains(exception) || exception is Microsoft.JSInterop.JSException)
        {
            // The run has just started, or the page was left.
        }
    }

    private async Task WatchAsync(CancellationToken leave)
    {
        _viewer = await viewers.GetAsync();
        await foreach (var forecast in board.WatchAsync(leave))
        {
            _forecast = forecast;
            StateHasChanged();
        }
    }

    private bool IsOwn(Run run) => !IsInstructor && run.OwnerId is { } owner && owner == _viewer!.MemberId;

    /// <summary>Whole ones only: 99.6 % must not read "100 %".</summary>
    private static string Percent(Run run) => Math.Floor(100.0 * run.Step / run.Hyperparameters.Steps).ToString("0", CultureInfo.InvariantCulture);

    private async Task PauseAsync()
    {
        await TryAsync(viewer => control.PauseAsync(_reason, viewer));
        if (_refused is not null) return;
        _reason = "";
        await js.ForgetTextAsync("pause");
    }

    private Task GoOnAsync() => TryAsync(viewer => control.GoOnAsync(viewer));

    private Task OrderFairlyAsync() => TryAsync(viewer => control.OrderFairlyAsync(viewer));

    private async Task MoveAsync(int run, Move move)
    {
        await TryAsync(viewer => control.MoveAsync(run, move, viewer));
        if (_refused is not null || _forecast!.View.PlaceOf(run) is not { } place) return;
        _said = $"Run {run} is now {DisplayText.Ordinal(place)} in the queue.";
        // At the end of the way its own button is off.
        _toFocus = (run, move switch
        {
            Move.Down when place == _forecast.View.InOrder.Count => Move.Up,
            Move.Up or Move.Front when place == 1 => Move.Down,
            _ => move,
        });
    }

    private async Task StopAsync(Run run)
    {
        var kept = run.State == RunState.Queued ? "Its owner can add it again, at the end of the queue." : "It saves a checkpoint first, and its owner can resume it later.";
        if (!await ConfirmDialog.AskAsync(dialogs, run.State == RunState.Queued ? $"Remove run {run.Id} from the queue?" : $"Stop run {run.Id}?", kept, run.State == RunState.Queued ? "Remove" : "Stop run", "Keep it")) return;
        await TryAsync(viewer => launcher.CancelAsync(run.Id, viewer));
    }

    private async Task TryAsync(Func<Viewer, Task> act)
    {
        _refused = null;
        try { await act(_viewer!); }
        catch (Exception exception) when (exception is RequestRefusedException or RunNotFoundException) { _refused = exception.Message; }
        _forecast = await board.RefreshAsync(Leave);
    }
}
