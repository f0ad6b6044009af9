using Microsoft.AspNetCore.Http.Metadata;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>
/// Holds every address, path and query, to <see cref="InputText"/>. Bodies of JSON are held to it by <see cref="JsonBody{T}"/>; fields of forms and
/// what is typed on pages by whatever keeps the text, which then says so on the page.
/// </summary>
internal static class InputRule
{
    public static void UseInputRule(this WebApplication app) => app.Use(async (context, next) =>
    {
        if ((Fault(context.Request) ?? await FormFaultAsync(context)) is not { } line)
        {
            await next(context);
            return;
        }
        if (context.Request.IsApi())
        {
            await Api.BadRequest(line).ExecuteAsync(context);
            return;
        }
        await TypedResults.Text(line, "text/plain; charset=utf-8", statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
    });

    /// <summary>ASP.NET Core reads no form with a NUL, and would answer without a word.</summary>
    private static async Task<string?> FormFaultAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not { ContentTypes: var accepted } || !accepted.Any(type => type.Contains("form", StringComparison.Ordinal)) || !context.Request.HasFormContentType) return null;
        try
        {
            await context.Request.ReadFormAsync(context.RequestAborted);
            return null;
        }
        catch (InvalidDataException)
        {
            return "This form cannot be read: a field has a control character (U+0000), or it is too large. Go back and enter it again.";
        }
    }

    private static string? Fault(HttpRequest request)
    {
        if (request.Path.Value is { } path && InputText.Fault(path) is { } inPath) return $"The path of this address {inPath}";
        foreach (var (name, values) in request.Query)
        {
            if (InputText.Fault(name) is { } inName) return $"The name of a parameter of this address {inName}";
            foreach (var value in values)
            {
                if (value is not null && InputText.Fault(value) is { } inValue) return $"The parameter {name} of this address {inValue}";
            }
        }
        return null;
    }
}
