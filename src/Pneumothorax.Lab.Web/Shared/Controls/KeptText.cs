using Microsoft.JSInterop;
using Pneumothorax.Lab.Web.Shared.Pages;

namespace Pneumothorax.Lab.Web.Shared.Controls;

/// <summary>What the browser keeps of a form with <c>data-keep-text</c> until it is sent (js/kept.js).</summary>
internal static class KeptText
{
    /// <summary>After the form was sent, or given up.</summary>
    /// <param name="name">As the form's <c>data-keep-text</c>.</param>
    public static async Task ForgetTextAsync(this IJSRuntime js, string name)
    {
        try { await js.InvokeVoidAsync("lab.keep", name, null); }
        catch (Exception exception) when (PageGone.Explains(exception)) { }
    }
}
