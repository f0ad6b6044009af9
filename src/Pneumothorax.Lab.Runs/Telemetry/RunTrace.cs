using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Telemetry;

/// <summary>
/// One trace a run, from its launch over every attempt to its end, whatever hosts take part. Its number follows from the run itself, so that
/// none has to be handed on: the queue's jobs do not know which run they will serve.
/// </summary>
internal static class RunTrace
{
    private static readonly ActivitySource s_source = new(LabTelemetry.Name, LabVersion.Text);

    /// <returns>Null while nobody listens.</returns>
    public static Activity? Start(string what, Run run)
    {
        if (!s_source.HasListeners()) return null;

        ActivityLink[] links = Activity.Current is { } asked ? [new(asked.Context)] : [];
        return s_source.StartActivity(what, ActivityKind.Internal, ContextOf(run), Tags(run), links);
    }

    /// <summary>Trace and parent that all of a run's activities share.</summary>
    public static ActivityContext ContextOf(Run run)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"run {run.Id} of {run.CreatedAt.ToUnixTimeMilliseconds()}")));
        return new(
            ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)), ActivitySpanId.CreateFromBytes(hash.AsSpan(16, 8)),
            ActivityTraceFlags.Recorded, isRemote: true);
    }

    private static Dictionary<string, object?> Tags(Run run) => new()
    {
        ["lab.run"] = run.Id,
        ["lab.attempt"] = run.Attempt,
        ["lab.member"] = run.OwnerId,
        ["lab.network"] = run.Network,
        ["lab.dataset"] = run.Dataset,
        ["host.name"] = Environment.MachineName,
    };
}
