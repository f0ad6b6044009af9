using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Shared.UrlState;

/// <summary>A page whose address is its state: a copied link opens the same view, and whatever the reader changes is written into the bar.</summary>
/// <typeparam name="TState">What the address says; equal states have equal addresses.</typeparam>
public abstract class UrlStatePage<TState> : LiveComponentBase where TState : class, new()
{
    private UrlStateKeeper? _keeper;
    private TState? _inBar;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    /// <summary>What the page shows.</summary>
    protected TState State { get; private set; } = new();

    private UrlStateKeeper Keeper => _keeper ??= new(Navigation, Clock);

    /// <summary>Takes over what the bar says, unless the page shows something newer.</summary>
    /// <param name="isElsewhere">It is another page's address, whatever the reader has changed on this one.</param>
    /// <returns>Whether the page has another state by now.</returns>
    protected bool Read(TState inBar, bool isElsewhere = false)
    {
        // Our own writing comes back to us, when the hand may be further already.
        if (inBar.Equals(_inBar) || (Keeper.IsAhead && !isElsewhere)) return false;

        if (isElsewhere) WriteNoMore();
        (State, _inBar) = (inBar, inBar);
        return true;
    }

    /// <summary>The page shows another state now, and the bar soon.</summary>
    /// <param name="address">Of the state.</param>
    protected void Write(TState state, string address)
    {
        (State, _inBar) = (state, state);
        _ = Keeper.ReplaceAsync(address);
    }

    /// <summary>What was about to be written is in an address that the page goes to.</summary>
    protected void WriteNoMore() => _keeper?.Dispose();

    public override async ValueTask DisposeAsync()
    {
        WriteNoMore();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
