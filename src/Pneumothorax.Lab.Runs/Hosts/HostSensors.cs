using System.Globalization;
using Pneumothorax.Lab.Experiments.Hosts;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>How busy this machine is. Linux tells by its /proc; elsewhere those figures stay unknown.</summary>
internal sealed class HostSensors
{
    private (long Busy, long All)? _before;

    /// <returns>Share of all processors that was busy since the last call, 0 to 1; null at the first.</returns>
    public double? CpuLoad()
    {
        if (ReadFirstLine("/proc/stat") is not { } line || Times(line) is not { } now) return null;
        var before = _before;
        _before = now;
        return before is { } was && now.All > was.All ? Math.Clamp((double)(now.Busy - was.Busy) / (now.All - was.All), 0, 1) : null;
    }

    /// <returns>Bytes in use and bytes there are, within the limit of a container or a service.</returns>
    public static (long? Used, long? Total) Memory()
    {
        var total = HostMemory.Total();
        return HostMemory.Available() is null ? (null, total) : (total - Math.Min(HostMemory.Free(), total ?? 0), total);
    }

    /// <returns>Bytes free where a folder lies.</returns>
    public static long? DiskFree(string folder)
    {
        try { return new DriveInfo(folder).AvailableFreeSpace; }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException) { return null; }
    }

    /// <param name="line">"cpu" and the times of all processors: user, nice, system, idle, waiting for input, interrupts twice, stolen.</param>
    internal static (long Busy, long All)? Times(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 5 || fields[0] != "cpu") return null;
        long all = 0, idle = 0;
        for (var i = 1; i < Math.Min(fields.Length, 9); i++)
        {
            if (!long.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out var time)) return null;
            all += time;
            if (i is 4 or 5) idle += time;
        }
        return (all - idle, all);
    }

    private static string? ReadFirstLine(string path)
    {
        try { return File.ReadLines(path).FirstOrDefault(); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { return null; }
    }
}
