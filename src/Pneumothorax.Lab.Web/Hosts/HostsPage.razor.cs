using MudBlazor;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Controls;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Hosts;

/// <summary>Every host that trains, live: its GPUs, its load, and what has its slots. A student sees the same without others' names.</summary>
public sealed partial class HostsPage(
    QueueBoard board, QueueControl control, RunLauncher launcher, ViewerAccessor viewers, IDialogService dialogs, TimeProvider clock) : LiveComponentBase
{
    private Viewer? _viewer;
    private QueueForecast? _forecast;
    private string? _refused;

    private TimeProvider Clock => clock;

    private int Gpus => _forecast!.View.HostsUp.SelectMany(host => host.Devices).Distinct().Count();

    private string? Lead
    {
        get
        {
            if (_forecast is not { View: var view }) return null;
            var up = view.HostsUp.Count();
            var drained = view.HostsUp.Count(host => host.DrainedAt is not null);
            return up == 0
                ? "No run is training at the moment."
                : $"{DisplayText.Leading(up)} {(up == 1 ? "host is" : "hosts are")} up{(drained == 0 ? "" : $", {DisplayText.Leading(drained).ToLowerInvariant()} of them {(drained == 1 ? "takes" : "take")} no new run")}.";
        }
    }

    protected override void OnInitialized() => Follow(WatchAsync);

    private async Task WatchAsync(CancellationToken leave)
    {
        _viewer = await viewers.GetAsync();
        await foreach (var forecast in board.WatchAsync(leave))
        {
            _forecast = forecast;
            StateHasChanged();
        }
    }

    private Task DrainAsync(LabHost host) => TryAsync(viewer => control.DrainAsync(host.Name, viewer));

    private Task OpenAsync(LabHost host) => TryAsync(viewer => control.OpenAsync(host.Name, viewer));

    private Task ForgetAsync(LabHost host) => TryAsync(viewer => control.ForgetAsync(host.Name, viewer));

    private async Task StopAsync(Run run)
    {
        if (!await ConfirmDialog.AskAsync(dialogs, $"Stop run {run.Id}?", "It saves a checkpoint first, and its owner can resume it later.", "Stop run", "Let it run")) return;
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
