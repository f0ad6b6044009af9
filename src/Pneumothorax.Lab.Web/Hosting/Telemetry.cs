using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>What the portal says about itself to whoever operates it.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.AddTelemetryExport(
            "pneumothorax-lab-portal",
            // Health is asked for every few seconds, and an open page is one request for an hour.
            traces => traces.AddAspNetCoreInstrumentation(requests => requests.Filter = context =>
                !context.Request.Path.StartsWithSegments("/healthz") && !context.Request.Path.StartsWithSegments("/_blazor")),
            metrics => metrics.AddAspNetCoreInstrumentation());
        builder.Services.AddHostedService<RunCounter>();
    }

    /// <summary>Log entries of a request carry the member's number: never a name, and never a token.</summary>
    public static void UseMemberInLogs(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Telemetry));
        app.Use(async (context, next) =>
        {
            using (logger.BeginScope(new Dictionary<string, object?> { ["Member"] = context.User.ToViewer()?.MemberId })) await next();
        });
    }

    private sealed class RunCounter(LabTelemetry telemetry) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            telemetry.CountRuns();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
