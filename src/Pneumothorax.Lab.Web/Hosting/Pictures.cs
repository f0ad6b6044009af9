using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Pneumothorax.Lab.Runs.Telemetry;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>PNG answers that a browser may keep, and need not be drawn again to be found unchanged.</summary>
internal static class Pictures
{
    /// <summary>Asked before anything is opened: whoever has the picture of this identity was given it.</summary>
    /// <returns>The answer for a browser that has the picture; null for one that needs it.</returns>
    public static IResult? Unchanged(HttpContext context, string identity)
    {
        var tag = TagOf(identity);
        if (!context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))) return null;

        Describe(context, tag, isUnchanged: true);
        return Results.StatusCode(StatusCodes.Status304NotModified);
    }

    /// <param name="identity">Everything that decides the picture.</param>
    public static IResult Serve(HttpContext context, string identity, Func<byte[]> draw)
    {
        if (Unchanged(context, identity) is { } unchanged) return unchanged;

        Describe(context, TagOf(identity), isUnchanged: false);
        return Results.Bytes(draw(), "image/png");
    }

    private static void Describe(HttpContext context, EntityTagHeaderValue tag, bool isUnchanged)
    {
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = tag;
        // Private: whose run it is decides who sees it. An hour: a data set of this name may be registered anew.
        headers.CacheControl = new CacheControlHeaderValue { Private = true, MaxAge = TimeSpan.FromHours(1) };
        context.RequestServices.GetRequiredService<LabTelemetry>().Drawn(isUnchanged);
    }

    private static EntityTagHeaderValue TagOf(string identity) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 12))}\"");
}
