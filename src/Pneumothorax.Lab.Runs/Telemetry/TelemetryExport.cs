using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Telemetry;

/// <summary>Sends traces and metrics to an OpenTelemetry collector, where the standard variables name one.</summary>
public static class TelemetryExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>ASP.NET Core's own: open circuits among them, as <c>aspnetcore.components.circuit.active</c>.</summary>
    private static readonly string[] s_meters = [LabTelemetry.Name, "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Server.Circuits"];

    /// <param name="service">Name of this kind of host, unless <c>OTEL_SERVICE_NAME</c> gives another.</param>
    /// <param name="traces">What else this host traces.</param>
    /// <param name="metrics">What else this host measures.</param>
    public static void AddTelemetryExport(
        this IHostApplicationBuilder builder, string service, Action<TracerProviderBuilder>? traces = null, Action<MeterProviderBuilder>? metrics = null)
    {
        if (string.IsNullOrEmpty(builder.Configuration[Endpoint])) return;

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } chosen ? chosen : service,
                serviceVersion: LabVersion.Text, serviceInstanceId: Environment.MachineName))
            .WithTracing(tracing =>
            {
                tracing.AddSource(LabTelemetry.Name).AddOtlpExporter();
                traces?.Invoke(tracing);
            })
            .WithMetrics(measuring =>
            {
                measuring.AddMeter(s_meters).AddRuntimeInstrumentation().AddOtlpExporter();
                metrics?.Invoke(measuring);
            });
    }
}
