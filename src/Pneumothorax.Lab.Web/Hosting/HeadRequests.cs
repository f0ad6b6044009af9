using Microsoft.AspNetCore.Http.Features;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>A HEAD is answered as the GET would be, with its headers and without its body: monitors and link checkers ask that way.</summary>
internal static class HeadRequests
{
    /// <summary>Before routing, since endpoints name GET alone.</summary>
    public static void UseHeadRequests(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Request.Method = HttpMethods.Get;
        context.Features.Set<IHttpResponseBodyFeature>(new NoBody(body));
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.Features.Set(body);
        }
    });

    /// <summary>Starts and ends the answer, and drops what is written into it.</summary>
    private sealed class NoBody(IHttpResponseBodyFeature answer) : StreamResponseBodyFeature(Stream.Null)
    {
        public override Task StartAsync(CancellationToken cancellationToken = default) => answer.StartAsync(cancellationToken);

        public override Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) => StartAsync(cancellationToken);

        public override Task CompleteAsync() => answer.CompleteAsync();

        public override void DisableBuffering() => answer.DisableBuffering();
    }
}
