using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>What a proxy or an instructor asks: does this portal live, and can it serve.</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        // Before anybody is signed in: a cookie or token is looked up in the database, and "live" is also asked when that is away.
        app.MapGet("/healthz", () => "ok").AllowAnonymous().ShortCircuit().ExcludeFromDescription();
        app.MapGet("/healthz/live", () => "ok").AllowAnonymous().ShortCircuit().ExcludeFromDescription();
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous().ShortCircuit();
    }

    /// <summary>One line a part, such as "database: ok". Reasons are for the log, not for whoever asks.</summary>
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var lines = report.Entries.Select(part => $"{part.Key}: {(part.Value.Status == HealthStatus.Healthy ? "ok" : "does not answer")}\n");
        return context.Response.WriteAsync(string.Concat(lines), context.RequestAborted);
    }
}
