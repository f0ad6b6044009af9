using System.Globalization;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>How many processes the kernel has killed for want of memory since this machine started: it counts them, and says it nowhere else without root.</summary>
/// <param name="path">Linux: <c>/proc/vmstat</c>, with a line <c>oom_kill N</c>.</param>
public sealed class MemoryKills(string path = "/proc/vmstat")
{
    private const string Name = "oom_kill ";

    /// <returns>Null where the system does not count.</returns>
    public long? Count()
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line
                && long.TryParse(line[Name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
