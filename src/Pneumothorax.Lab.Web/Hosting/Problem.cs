using System.Globalization;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>What an exception means to whoever sent the request, in the same words for pages and for the API.</summary>
/// <param name="Status">Of the HTTP answer.</param>
/// <param name="Title">A few words, the heading of a page.</param>
/// <param name="Line">A sentence or two.</param>
/// <param name="RetryAfter">Seconds after which asking again is worth it.</param>
internal sealed record Problem(int Status, string Title, string Line, int? RetryAfter = null)
{
    private const string Refused = "This cannot be done";

    /// <returns>True when nothing is wrong with the program, so that the log needs no stack trace.</returns>
    public static bool IsExpected(Exception exception) => exception is RequestRefusedException or RunNotFoundException or BadHttpRequestException || Outage.Of(exception) is not null;

    public static Problem Of(Exception? exception) => exception switch
    {
        RunNotFoundException missing => new(StatusCodes.Status404NotFound, "There is no page at this address", missing.Message),
        RequestRefusedException { RetryAfter: { } wait } refused => new(StatusCodes.Status429TooManyRequests, Refused, refused.Message, (int)Math.Ceiling(wait.TotalSeconds)),
        RequestRefusedException { IsForbidden: true } refused => new(StatusCodes.Status403Forbidden, Refused, refused.Message),
        RequestRefusedException { MayPassLater: true } refused => new(StatusCodes.Status409Conflict, Refused, refused.Message),
        RequestRefusedException refused => new(StatusCodes.Status400BadRequest, Refused, refused.Message),
        BadHttpRequestException bad => new(bad.StatusCode, Refused, bad.Message),
        { } other when Outage.Of(other) is { } outage => Of(outage),
        _ => new(StatusCodes.Status500InternalServerError, "The portal had an internal error", "The portal had an internal error; its log has the details."),
    };

    public static Problem Of(Outage outage) => new(outage.Status, outage.Title, outage.Line, outage.RetryAfter);

    /// <summary>As problem+json under /api, else as a page that needs neither the database nor a live connection.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        if (RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.IsApi()) await TypedResults.Problem(Line, statusCode: Status).ExecuteAsync(context);
        else await TypedResults.Content(ProblemPage.Of(this, context.Request), "text/html; charset=utf-8", statusCode: Status).ExecuteAsync(context);
    }
}
