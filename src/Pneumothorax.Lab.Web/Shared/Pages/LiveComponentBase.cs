using Microsoft.AspNetCore.Components;

namespace Pneumothorax.Lab.Web.Shared.Pages;

/// <summary>A page or a part of one that follows something as long as it is looked at.</summary>
public abstract class LiveComponentBase : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private CancellationTokenSource? _stop;
    private Task _watching = Task.CompletedTask;

    /// <summary>Kept, so that whoever still waits when the page is gone can ask it.</summary>
    protected LiveComponentBase() => Leave = _leave.Token;

    /// <summary>The page is left, or closed.</summary>
    protected CancellationToken Leave { get; }

    /// <summary>Runs until the page is left or <see cref="FollowNoMoreAsync"/> is called. A fault of it is the page's.</summary>
    protected void Follow(Func<CancellationToken, Task> watch)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_leave.Token);
        _watching = FollowAsync(watch, _stop.Token);
    }

    /// <summary>For a page that goes over to another run or student: what it followed so far has ended when this is back.</summary>
    protected async Task FollowNoMoreAsync()
    {
        if (_stop is null) return;
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _stop = null;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await FollowNoMoreAsync();
        _leave.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task FollowAsync(Func<CancellationToken, Task> watch, CancellationToken stop)
    {
        try
        {
            await watch(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Left for another page.
        }
        catch (Exception exception) when (PageGone.Explains(exception))
        {
            // The browser is gone; a reload starts over.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
