using Microsoft.AspNetCore.Components;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>Writes what a page shows into the address bar once the hand rests: a drag is one entry, not fifty, and none in the history.</summary>
internal sealed class UrlStateKeeper(NavigationManager navigation, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(350);

    private CancellationTokenSource? _waiting;

    /// <summary>The page shows something newer than the bar, which follows soon. What comes from the bar meanwhile is our own writing of before.</summary>
    public bool IsAhead => _waiting is not null;

    /// <summary>Replaces the address, unless another follows at once. Call it on the page's dispatcher.</summary>
    public async Task ReplaceAsync(string address)
    {
        Dispose();
        var waiting = _waiting = new();
        var page = Page();
        try
        {
            await Task.Delay(s_rest, clock, waiting.Token);
            Dispose();
            // The reader may have gone on meanwhile, to the same page of another run: it must not take them back.
            if (Page() == page) navigation.NavigateTo(address, new NavigationOptions { ReplaceHistoryEntry = true });
        }
        catch (OperationCanceledException)
        {
            // A newer address, or the reader has left.
        }
    }

    private string Page() => new Uri(navigation.Uri).AbsolutePath;

    public void Dispose()
    {
        _waiting?.Cancel();
        _waiting?.Dispose();
        _waiting = null;
    }
}
