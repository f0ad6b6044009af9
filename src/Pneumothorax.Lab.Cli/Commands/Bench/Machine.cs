using System.Globalization;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>What a figure must be read with.</summary>
internal static class Machine
{
    /// <returns>As the kernel names it; "unknown" elsewhere than on Linux.</returns>
    public static string Processor() =>
        !File.Exists("/proc/cpuinfo") ? "unknown"
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";

    /// <returns>How many processes wanted to compute during the last minute, on average; null elsewhere than on Linux.</returns>
    public static double? Load() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;
}
