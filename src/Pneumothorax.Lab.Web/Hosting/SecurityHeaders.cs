using Microsoft.AspNetCore.Components.Server;

namespace Pneumothorax.Lab.Web.Hosting;

internal static class SecurityHeaders
{
    // Inline styles: MudBlazor positions popovers and sliders with them, Plotly its layers. Scripts only from here; charts are
    // exported through data: and blob: images. The circuit's WebSocket counts as 'self'.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

    /// <summary>Blazor would send its own frame-ancestors as a second policy.</summary>
    public static void Configure(ServerComponentsEndpointOptions options) => options.ContentSecurityFrameAncestorsPolicy = null;

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";      // return links carry tokens
        return next();
    });
}
