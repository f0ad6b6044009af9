using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>
/// A short measurement of this host for the launch form, taken once and kept in the data directory. It is asked for only while no
/// finished run can tell better, and only while nothing else trains.
/// </summary>
public sealed class HostCalibration(SpeedProbe probe, IDbContextFactory<LabDbContext> contexts, LabPaths paths)
{
    private readonly Lock _gate = new();
    private Task<HostSpeed?>? _measuring;

    private string Path => System.IO.Path.Combine(paths.DataDirectory, "calibration.json");

    /// <returns>The kept measurement; null where there is none of this host.</returns>
    public HostSpeed? Known
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize<Kept>(File.ReadAllText(Path), LabJson.Document) is { } kept && kept.Host == Host
                    ? new(NetworkSpec.Lite, kept.LiteImagesPerSecond)
                    : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
            {
                return null;
            }
        }
    }

    private static string Host => FormattableString.Invariant($"{Environment.MachineName}, {Environment.ProcessorCount} processors");

    /// <summary>Measures, unless that is known or going on already; takes several seconds.</summary>
    /// <returns>Null where it could not be measured, or something else trains.</returns>
    public Task<HostSpeed?> MeasureAsync(string dataset)
    {
        lock (_gate)
        {
            if (_measuring is null or { IsCompleted: true }) _measuring = Known is { } known ? Task.FromResult<HostSpeed?>(known) : MeasureOnceAsync(dataset);
            return _measuring;
        }
    }

    private async Task<HostSpeed?> MeasureOnceAsync(string dataset)
    {
        if (await contexts.LineAsync() != (0, 0)) return null;
        var speed = await probe.MeasureAsync(new(dataset, NetworkSpec.Lite.Name, new()));
        // A run that began meanwhile has made it look slow.
        if (speed is not { } measured || await contexts.LineAsync() != (0, 0)) return null;
        try { await File.WriteAllTextAsync(Path, JsonSerializer.Serialize(new Kept(Host, measured), LabJson.Document)); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }      // measured again after the next start
        return new(NetworkSpec.Lite, measured);
    }

    private sealed record Kept(string Host, double LiteImagesPerSecond);
}
