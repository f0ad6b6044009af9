using Microsoft.AspNetCore.Components.Server;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>What a browser may do with the lab's answers: nothing that the lab does not need.</summary>
internal static class SecurityHeaders
{
    // Scripts only as files from here: none inline, none evaluated. Inline styles: MudBlazor positions popovers and sliders with them,
    // Plotly its layers. Charts are exported through data: and blob: images. The circuit's WebSocket counts as 'self'.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    private const string NotNeeded =
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    private static readonly TimeSpan s_secureFor = TimeSpan.FromDays(365);

    /// <summary>Blazor would send its own frame-ancestors as a second policy.</summary>
    public static void Configure(ServerComponentsEndpointOptions options) => options.ContentSecurityFrameAncestorsPolicy = null;

    public static void UseSecurityHeaders(this WebApplication app)
    {
        // A form that signs in through the university is redirected there, and a browser counts that as the form's address.
        var policy = Uri.TryCreate(app.Configuration["Lab:OpenIdConnect:Authority"], UriKind.Absolute, out var authority)
            ? $"{Policy} {authority.GetLeftPart(UriPartial.Authority)}"
            : Policy;
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";      // return links carry tokens
            headers["Permissions-Policy"] = NotNeeded;
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            // Only over https, which a proxy may have taken off: else a lab on localhost would lock itself out.
            if (context.Request.IsHttps) headers.StrictTransportSecurity = $"max-age={s_secureFor.TotalSeconds:0}";
            return next();
        });
    }
}
