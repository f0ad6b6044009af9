using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>What all HTTP endpoints under /api share: JSON as everywhere in the lab, problems as one line, no forged requests.</summary>
internal static partial class Api
{
    private const int MostQuoted = 100;

    private static readonly PathString s_root = "/api";

    public static bool IsApi(this HttpRequest request) => request.Path.StartsWithSegments(s_root);

    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = LabJson.Line.Encoder;
            foreach (var converter in LabJson.Line.Converters) json.SerializerOptions.Converters.Add(converter);
        });
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
            context.ProblemDetails.Detail = OneLine(context.ProblemDetails.Detail ?? Line(context.ProblemDetails.Status)));
        builder.Services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, context, _) =>
        {
            // Not what the request calls this host.
            document.Servers = [new() { Url = context.ApplicationServices.GetRequiredService<PublicAddress>().Origin ?? "/" }];
            document.Info = new OpenApiInfo
            {
                Title = "Pneumothorax Lab",
                Version = "v1",
                Description = "Sign in with \"Authorization: Bearer TOKEN\": a token from your account page, the instructor's token, or the one in a return link. " +
                    "The access rules are the same as on the pages. Teaching only, not for diagnosis.",
            };
            return Task.CompletedTask;
        }));
    }

    /// <summary>Errors of /api are problem+json with one line; pages get a page.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // An answer to HEAD has not begun when it is written: it has no body.
            AllowStatusCode404Response = true,
            SuppressDiagnosticsCallback = context => Problem.IsExpected(context.Exception),
            ExceptionHandler = context => Problem.Of(context.Features.Get<IExceptionHandlerFeature>()?.Error).WriteAsync(context),
        });
        app.UseWhen(context => context.Request.IsApi(), api => api.UseStatusCodePages());
        app.UseWhen(context => !context.Request.IsApi(), pages => pages.UseStatusCodePagesWithReExecute("/not-found"));
    }

    public static RouteGroupBuilder MapApi(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        return app.MapGroup(s_root).AddEndpointFilter(RefuseForgedAsync);
    }

    public static ProblemHttpResult NotFound(string line) => TypedResults.Problem(line, statusCode: StatusCodes.Status404NotFound);

    public static ProblemHttpResult BadRequest(string line) => TypedResults.Problem(line, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>A browser sends the cookie along with what another site's page asks for. It also says whose page that was.</summary>
    private static async ValueTask<object?> RefuseForgedAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var request = invocation.HttpContext.Request;
        if (!HttpMethods.IsGet(request.Method) && request.Headers.Authorization.Count == 0
            && OwnOrigin.IsForeign(request, request.HttpContext.RequestServices.GetRequiredService<PublicAddress>()))
        {
            return TypedResults.Problem("This request came from another site.", statusCode: StatusCodes.Status403Forbidden);
        }
        return await next(invocation);
    }

    /// <summary>A sentence may repeat what was sent, and what was sent may have line breaks or be long.</summary>
    private static string OneLine(string text)
    {
        var line = text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;
        return LongQuote().Replace(line, quote => $"\"{InputText.Cut(quote.Value[1..^1], MostQuoted)}…\"");
    }

    [GeneratedRegex("\"[^\"]{121,}\"")]
    private static partial Regex LongQuote();

    private static string Line(int? status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is not valid.",
        StatusCodes.Status401Unauthorized => "Sign in, or send \"Authorization: Bearer TOKEN\".",
        StatusCodes.Status403Forbidden => "You may not do this.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status415UnsupportedMediaType => "Send JSON with the content type application/json.",
        { } other => ReasonPhrases.GetReasonPhrase(other) + ".",
        null => "The request failed.",
    };
}
