using System.Globalization;

namespace Pneumothorax.Lab.Experiments.Hosts;

/// <summary>How much memory a machine has, and how much of it this process may still take.</summary>
public static class HostMemory
{
    /// <summary>Environment variable by which a training process is told how many bytes it may take.</summary>
    public const string LimitVariable = "LAB_MEMORY_BYTES";

    /// <returns>
    /// Bytes of the machine, or of the control group of this process where that has fewer: a container, a service with a limit. Where the
    /// system is not Linux, what the .NET runtime knows.
    /// </returns>
    public static long? Total() => OperatingSystem.IsLinux()
        ? Least(Kilobytes("/proc/meminfo", "MemTotal:"), Groups().Select(group => group.Limit).Min())
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <returns>
    /// Bytes: the least of what the host has left, what its control groups allow, and the limits of this process (<c>ulimit -v</c>,
    /// <c>ulimit -d</c>). Where the system is not Linux, what the .NET runtime knows.
    /// </returns>
    public static long Free()
    {
        if (!OperatingSystem.IsLinux())
        {
            var known = GC.GetGCMemoryInfo();
            return Math.Max(0, known.TotalAvailableMemoryBytes - known.MemoryLoadBytes);
        }
        long?[] limits =
        [
            Kilobytes("/proc/meminfo", "MemAvailable:"),
            Groups().Select(group => group.Limit - group.Used).Min(),
            Field("/proc/self/limits", "Max address space") - Kilobytes("/proc/self/status", "VmSize:"),
            Field("/proc/self/limits", "Max data size") - Kilobytes("/proc/self/status", "VmData:"),
        ];
        return Math.Max(0, limits.Min() ?? 0);
    }

    /// <summary>Bytes that the machine has available, for all processes; null where the system does not tell.</summary>
    public static long? Available() => Kilobytes("/proc/meminfo", "MemAvailable:");

    /// <summary>The control groups that this process is in, each with its bytes: the limit of any of them holds.</summary>
    private static IEnumerable<(long? Limit, long? Used)> Groups()
    {
        const string root = "/sys/fs/cgroup";
        // Version 2 has one line, "0::/system.slice/lab.service"; version 1 one for each controller, "4:memory:/docker/1f2e".
        foreach (var parts in Lines("/proc/self/cgroup").Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            var isFirstVersion = parts[1].Split(',').Contains("memory");
            if (parts[0] != "0" && !isFirstVersion) continue;
            var (folder, limit, used) = isFirstVersion ? (root + "/memory", "memory.limit_in_bytes", "memory.usage_in_bytes") : (root, "memory.max", "memory.current");
            // In a container the path is the host's, and its own group is mounted as the root.
            yield return (Number(Path.Combine(folder, limit)), Number(Path.Combine(folder, used)));
            var path = folder;
            foreach (var name in parts[2].Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                path = Path.Combine(path, name);
                yield return (Number(Path.Combine(path, limit)), Number(Path.Combine(path, used)));
            }
        }
    }

    private static long? Least(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    private static long? Kilobytes(string path, string name) => Field(path, name) * 1024;

    /// <returns>The first number behind a name at the start of a line; null for "unlimited" or no such line.</returns>
    private static long? Field(string path, string name) =>
        Lines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? Parse(line[name.Length..].Split(' ', '\t').FirstOrDefault(word => word.Length > 0))
            : null;

    private static long? Number(string path) => Parse(Lines(path).FirstOrDefault());

    private static long? Parse(string? word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Lines(string path)
    {
        try { return File.ReadAllLines(path); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { return []; }
    }
}
