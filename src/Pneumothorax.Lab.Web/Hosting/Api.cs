using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>What all HTTP endpoints under /api share: JSON as everywhere in the lab, problems as one line, no forged requests.</summary>
internal static class Api
{
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
            context.ProblemDetails.Detail ??= Line(context.ProblemDetails.Status));
        builder.Services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, context, _) =>
        {
            // Not what the request calls this host.
            document.Servers = [new() { Url = context.ApplicationServices.GetRequiredService<PublicAddress>().Origin ?? "/" }];
            document.Info = new OpenApiInfo
            {
                Title = "Pneumothorax Lab",
                Version = "v1",
                Description = "Sign in with \"Authorization: Bearer TOKEN\": a token from your account page, the instructor's token, or the one in a return link. " +
                    "The rules of access are those of the pages. Teaching only, not for diagnosis.",
            };
            return Task.CompletedTask;
        }));
    }

    /// <summary>Errors of /api are problem+json with one line; pages get a page.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseWhen(context => context.Request.IsApi(), api =>
        {
            api.UseExceptionHandler(new ExceptionHandlerOptions
            {
                SuppressDiagnosticsCallback = context => context.Exception is RunRefusedException or RunNotFoundException or BadHttpRequestException || DiskFull.Explains(context.Exception),
                ExceptionHandler = HandleAsync,
            });
            api.UseStatusCodePages();
        });
        app.UseWhen(context => !context.Request.IsApi(), pages => pages.UseStatusCodePagesWithReExecute("/not-found"));
    }

    public static RouteGroupBuilder MapApi(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        return app.MapGroup(s_root).AddEndpointFilter(RefuseForgedAsync);
    }

    public static ProblemHttpResult NotFound(string line) => TypedResults.Problem(line, statusCode: StatusCodes.Status404NotFound);

    public static ProblemHttpResult BadRequest(string line) => TypedResults.Problem(line, statusCode: StatusCodes.Status400BadRequest);

    private static async Task HandleAsync(HttpContext context)
    {
        var problem = context.Features.Get<IExceptionHandlerFeature>()?.Error switch
        {
            RunNotFoundException missing => NotFound(missing.Message),
            RunRefusedException { RetryAfter: { } wait } refused => TooMany(refused.Message, wait, context),
            RunRefusedException { IsForbidden: true } refused => TypedResults.Problem(refused.Message, statusCode: StatusCodes.Status403Forbidden),
            RunRefusedException { MayPassLater: true } refused => TypedResults.Problem(refused.Message, statusCode: StatusCodes.Status409Conflict),
            RunRefusedException refused => BadRequest(refused.Message),
            BadHttpRequestException bad => TypedResults.Problem(bad.Message, statusCode: bad.StatusCode),
            { } full when LabDatabase.IsFull(full) => TypedResults.Problem(DiskFull.Line, statusCode: StatusCodes.Status507InsufficientStorage),
            _ => TypedResults.Problem("The portal made a mistake; its log says more.", statusCode: StatusCodes.Status500InternalServerError),
        };
        await problem.ExecuteAsync(context);
    }

    private static ProblemHttpResult TooMany(string line, TimeSpan wait, HttpContext context)
    {
        context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(line, statusCode: StatusCodes.Status429TooManyRequests);
    }

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

    private static string Line(int? status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request cannot be understood.",
        StatusCodes.Status401Unauthorized => "Sign in, or send \"Authorization: Bearer TOKEN\".",
        StatusCodes.Status403Forbidden => "You may not do this.",
        StatusCodes.Status404NotFound => "There is nothing here.",
        StatusCodes.Status415UnsupportedMediaType => "Send JSON with the content type application/json.",
        { } other => ReasonPhrases.GetReasonPhrase(other) + ".",
        null => "The request failed.",
    };
}
