using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Pneumothorax.Lab.Runs.Telemetry;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>PNG answers that a browser may keep, and need not be drawn again to be found unchanged.</summary>
internal static class Pictures
{
    /// <param name="identity">Everything that decides the picture.</param>
    public static IResult Serve(HttpContext context, string identity, Func<byte[]> draw)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 12))}\"");
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = tag;
        // Private: whose run it is decides who sees it. An hour: a data set of this name may be registered anew.
        headers.CacheControl = new CacheControlHeaderValue { Private = true, MaxAge = TimeSpan.FromHours(1) };
        var isUnchanged = context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false));
        context.RequestServices.GetRequiredService<LabTelemetry>().Drawn(isUnchanged);
        return isUnchanged
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(draw(), "image/png");
    }
}
