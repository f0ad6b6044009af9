using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.OwnImages;

/// <summary>Takes a picture: dropped, chosen, or photographed with a phone. own-image.js sends it, past the circuit; this says how far it is.</summary>
public sealed partial class DropZone(IJSRuntime js, OwnImageLimits limits, UntrustedImageReader reader) : IAsyncDisposable
{
    private enum State { Waiting, Uploading, Asking }

    private ElementReference _zone;
    private IJSObjectReference? _module;
    private IJSObjectReference? _handle;
    private DotNetObjectReference<DropZone>? _self;
    private State _state;
    private int _percent;
    private string? _problem;

    /// <summary>The runs that are asked at once, as <c>1,2</c>.</summary>
    [Parameter, EditorRequired]
    public string Runs { get; set; } = "";

    /// <summary>The picture is read and the runs have answered.</summary>
    [Parameter]
    public EventCallback<Guid> Added { get; set; }

    private OwnImageLimits Limits => limits;

    private bool Busy => _state != State.Waiting;

    /// <param name="percent">100 once everything has been sent: then the lab is reading.</param>
    [JSInvokable]
    public void Progress(int percent)
    {
        (_state, _percent, _problem) = (percent < 100 ? State.Uploading : State.Asking, percent, null);
        StateHasChanged();
    }

    [JSInvokable]
    public Task DoneAsync(string id)
    {
        _state = State.Waiting;
        StateHasChanged();
        return Guid.TryParse(id, out var image) ? Added.InvokeAsync(image) : Task.CompletedTask;
    }

    [JSInvokable]
    public void Fail(string why)
    {
        (_state, _problem) = (State.Waiting, why);
        StateHasChanged();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        _ = Task.Run(reader.Prepare);
        try
        {
            _self = DotNetObjectReference.Create(this);
            _module = await js.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/own-image.js"]);
            _handle = await _module.InvokeAsync<IJSObjectReference>("attach", _zone, _self);
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone; nobody drops anything on it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_handle is not null)
            {
                await _handle.InvokeVoidAsync("dispose");
                await _handle.DisposeAsync();
            }
            if (_module is not null) await _module.DisposeAsync();
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The page is gone, and its listeners with it.
        }
        _self?.Dispose();
    }
}
