using Microsoft.JSInterop;

namespace Pneumothorax.Lab.Web.Shared.Pages;

/// <summary>Tells a page that has been left from a fault.</summary>
internal static class PageGone
{
    /// <returns>
    /// Whether a call to the browser failed only because nobody looks any more: the connection is closed, the answer did not come in time, or
    /// the component was taken off the page while it waited.
    /// </returns>
    public static bool Explains(Exception exception) => exception is JSDisconnectedException or OperationCanceledException or ObjectDisposedException;
}
