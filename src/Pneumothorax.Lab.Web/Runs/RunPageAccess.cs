using System.Globalization;
using Microsoft.AspNetCore.Components.Endpoints;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Runs;

/// <summary>The pages of a run are 404 where there is no such run for the one who asks, as its files are; both cases answer alike.</summary>
internal static class RunPageAccess
{
    public static void UseRunPageAccess(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (RunOf(context) is { } id && context.User.ToViewer() is { } viewer
            && await context.RequestServices.GetRequiredService<RunStore>().FindAsync(id, viewer, context.RequestAborted) is var run
            && (run is null || (IsLog(context) && !run.IsListedFor(viewer))))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await next(context);
    });

    /// <summary>What the trainer writes is about its host, so it is not shared along with the run.</summary>
    private static bool IsLog(HttpContext context) => context.Request.Path.Value?.TrimEnd('/').EndsWith("/log", StringComparison.OrdinalIgnoreCase) == true;

    /// <returns>The run whose page is asked for; null for every other address.</returns>
    private static int? RunOf(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint endpoint
        && endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        && endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith("runs/{", StringComparison.OrdinalIgnoreCase) == true
        && int.TryParse(context.Request.RouteValues["Id"] as string, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}
