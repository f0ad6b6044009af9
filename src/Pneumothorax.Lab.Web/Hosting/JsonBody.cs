using System.Text.Json;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>A JSON body read so that a wrong one is answered with a line that names the field.</summary>
/// <param name="Value">What was sent.</param>
internal sealed record JsonBody<T>(T Value) where T : class
{
    private const int MostBytes = 64 * 1024;

    /// <exception cref="RequestRefusedException">It is not JSON, a field has the wrong type, or a text has what may not come in.</exception>
    /// <exception cref="BadHttpRequestException">It is not sent as JSON, or too large.</exception>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        var request = context.Request;
        // A form on another site can send text, but not this content type, without being asked for its origin.
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Send JSON with the content type application/json.", StatusCodes.Status415UnsupportedMediaType);
        }
        // Read rather than believed: a body that is sent in chunks does not say its length.
        var body = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length > MostBytes)
        {
            throw new BadHttpRequestException($"The body is larger than {MostBytes / 1024} KB.", StatusCodes.Status413PayloadTooLarge);
        }
        try
        {
            CheckText(body.AsSpan(0, length));
            var value = JsonSerializer.Deserialize<T>(body.AsSpan(0, length), LabJson.Line);
            return new(value ?? throw new RequestRefusedException("The body is null; send a JSON object."));
        }
        catch (JsonException exception)
        {
            throw new RequestRefusedException(Line(exception));
        }
    }

    /// <summary>Every text of the body, whatever it is for.</summary>
    private static void CheckText(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var field = "A text in the body";
        while (Read(ref reader))
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String)) continue;
            string text;
            try { text = reader.GetString()!; }
            catch (InvalidOperationException)
            {
                throw new RequestRefusedException($"{field} contains half of a character, or is not UTF-8. Enter it again.");
            }
            if (InputText.Fault(text) is { } fault) throw new RequestRefusedException($"{field} {fault}");
            if (reader.TokenType == JsonTokenType.PropertyName) field = text;
        }
    }

    // Where the body is no JSON the checks end: reading it into its fields says which one is wrong.
    private static bool Read(ref Utf8JsonReader reader)
    {
        try { return reader.Read(); }
        catch (JsonException) { return false; }
    }

    private static string Line(JsonException exception)
    {
        var field = exception.Path?.TrimStart('$', '.');
        if (Ranges.All.FirstOrDefault(info => field == $"hyperparameters.{info.Name}") is { } hyperparameter) return $"{field} is {hyperparameter.Allowed}.";

        return string.IsNullOrEmpty(field)
            ? $"The body is not a JSON object (line {exception.LineNumber + 1})."
            : exception.InnerException is null or InvalidOperationException or FormatException
                ? $"{field} has the wrong type or is out of range."
                : $"{field} is not JSON: {exception.InnerException.Message}";
    }
}
