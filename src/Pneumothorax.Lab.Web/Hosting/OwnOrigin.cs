namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>
/// A browser sends the cookie along with what another site's page asks for, over a WebSocket too, and another port of this host is no other site
/// to it. It also says whose page that was: such requests are refused where they could act or listen.
/// </summary>
internal static partial class OwnOrigin
{
    /// <summary>Pages are live over the first; the second is Hangfire's, whose forms act on the queue.</summary>
    private static readonly PathString[] s_closed = ["/_blazor", Hosts.Dashboard.Address];

    public static void UseOwnOrigin(this WebApplication app)
    {
        var address = app.Services.GetRequiredService<PublicAddress>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OwnOrigin));
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (!IsForeign(request, address) || !(context.WebSockets.IsWebSocketRequest || s_closed.Any(path => request.Path.StartsWithSegments(path)))) return next();

            // A proxy that gives the lab another name would keep every page from being live: whoever operates it shall see why.
            LogRefused(log, request.Headers.Origin.ToString(), $"{request.Scheme}://{request.Host}");
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync("This request came from another site.", context.RequestAborted);
        });
    }

    /// <returns>Whether a page of another origin makes this request. Programs send no origin.</returns>
    public static bool IsForeign(HttpRequest request, PublicAddress address) =>
        request.Headers.Origin is [{ Length: > 0 } origin, ..]
        && !IsSame(origin, $"{request.Scheme}://{request.Host}")
        // A proxy may have taken TLS off without saying so.
        && !IsSame(origin, $"https://{request.Host}")
        && !IsSame(origin, address.Origin);

    private static bool IsSame(string origin, string? own) => string.Equals(origin, own, StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(LogLevel.Warning, "A page of {Origin} asked for a live connection and was refused: this request calls the lab {Own}. If that page is the lab's own, set Lab__PublicAddress to its address.")]
    private static partial void LogRefused(ILogger log, string origin, string own);
}
