using Microsoft.Extensions.Logging;

namespace Pneumothorax.Lab.Runs.Telemetry;

/// <summary>How portal and worker write their logs.</summary>
public static class LabLogs
{
    public const string Setting = "Lab__Logs";

    private const string Json = "json";

    public static bool IsJson(string? format) => string.Equals(format, Json, StringComparison.OrdinalIgnoreCase);

    /// <param name="format">"text", the default: warnings and errors, a line each. "json": also when runs start and end; one object a line.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static void AddLabConsole(this ILoggingBuilder logging, string? format)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        switch (format?.ToLowerInvariant())
        {
            case null or "" or "text":
                logging.AddSimpleConsole(console => console.SingleLine = true);
                break;
            case Json:
                logging.AddFilter(LabTelemetry.Name, LogLevel.Information);
                logging.AddJsonConsole(console =>
                {
                    console.IncludeScopes = true;
                    console.UseUtcTimestamp = true;
                    console.TimestampFormat = "O";
                });
                break;
            default:
                throw new ArgumentException($"{Setting} is \"text\" or \"json\", not \"{format}\".");
        }
    }
}
