using System.Globalization;

namespace Pneumothorax.Lab.Learning.Native;

/// <summary>How much memory this process may still take.</summary>
internal static class HostMemory
{
    /// <returns>
    /// Bytes: the least of what the host has left, what its container allows, and the limit of the process's address space
    /// (<c>ulimit -v</c>). Where the system is not Linux, what the .NET runtime knows.
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
            Number("/sys/fs/cgroup/memory.max") - Number("/sys/fs/cgroup/memory.current"),
            Field("/proc/self/limits", "Max address space") - Kilobytes("/proc/self/status", "VmSize:"),
        ];
        return Math.Max(0, limits.Min() ?? 0);
    }

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
