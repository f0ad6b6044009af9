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
public sealed class HostCalibration(SpeedProbe probe, IDbContextFactory<LabDbContext> contexts, LabPaths paths, ThisHost thisHost)
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
                    ? kept.Speed
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
        var free = await FreeAsync();
        var speed = await probe.MeasureAsync(new(dataset, NetworkSpec.Lite.Name, new()));
        // A run that began meanwhile has made it look slow.
        if (speed is not { } measured || await contexts.LineAsync() != (0, 0)) return null;
        try { await File.WriteAllTextAsync(Path, JsonSerializer.Serialize(new Kept(Host, measured, free), LabJson.Document)); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }      // measured again after the next start
        return new Kept(Host, measured, free).Speed;
    }

    /// <returns>Share of the processors that other programs leave, as this host has reported it last; 1 where it has not.</returns>
    private async Task<double> FreeAsync()
    {
        await using var db = await contexts.CreateDbContextAsync();
        return 1 - (await db.Hosts.AsNoTracking().Where(host => host.Name == thisHost.Name).Select(host => host.CpuLoad).FirstOrDefaultAsync() ?? 0);
    }

    /// <param name="Free">Share of the processors that other programs left to the measurement.</param>
    private sealed record Kept(string Host, double LiteImagesPerSecond, double Free = 1)
    {
        /// <summary>As for the runs that have ended: the speed with the host to itself. An estimate takes off what others use by then.</summary>
        public HostSpeed Speed => new(NetworkSpec.Lite, LiteImagesPerSecond / Math.Clamp(Free, HostBusyness.LeastFree, 1));
    }
}
