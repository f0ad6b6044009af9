using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Classroom.Importing;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Viewing;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Dataset.Importing;

/// <summary>Starts an import and shows how far it is; the job is the portal's, so the page may come and go.</summary>
public sealed partial class ImportPage(ImportService desk, IncomingFolder incoming, ViewerAccessor viewers, NavigationManager navigation, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _leave = new();
    private Viewer? _viewer;
    private ImportJob? _job;
    private IReadOnlyList<Incoming>? _found;
    private string? _unreadable;
    private string? _refused;
    private bool _looking;

    [SupplyParameterFromQuery(Name = "kind")]
    private string? AskedKind { get; set; }

    private ImportKind Kind => ImportText.Parse(AskedKind) ?? ImportKind.Nih;

    private IncomingFolder Incoming => incoming;

    protected override async Task OnInitializedAsync()
    {
        _viewer = await viewers.GetAsync();
        _job = desk.Current;
        _ = WatchAsync();
        if (_viewer.IsStaff) await LookAsync();
    }

    public void Dispose()
    {
        _leave.Cancel();
        _leave.Dispose();
    }

    /// <summary>Reads the job again and again: it may be another portal's.</summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(s_betweenLooks, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_leave.Token))
            {
                var now = desk.Current;
                if (now == _job) continue;
                _job = now;
                StateHasChanged();
            }
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
        }
    }

    private async Task LookAsync()
    {
        (_looking, _unreadable) = (true, null);
        try
        {
            var token = _leave.Token;
            _found = await Task.Run(() => incoming.Look(token), token);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _unreadable = exception.Message;
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
        }
        _looking = false;
    }

    private void ChooseKind(ImportKind kind) => navigation.NavigateTo($"/data/import?kind={kind.Word()}", replace: true);

    private async Task StartAsync(ImportOrder order)
    {
        _refused = null;
        await desk.StartAsync(order, _viewer!);
        _job = desk.Current;
        StateHasChanged();
    }

    private async Task TryAsync(Func<ImportService, Viewer, Task> change)
    {
        _refused = null;
        try { await change(desk, _viewer!); }
        catch (RequestRefusedException refusal) { _refused = refusal.Message; }
        _job = desk.Current;
        StateHasChanged();
    }
}
