using System.Globalization;
using System.Runtime.InteropServices;
using Pneumothorax.Lab.Experiments.Hosts;

namespace Pneumothorax.Lab.Learning.Native;

/// <summary>Keeps a training from taking the memory that the portal beside it lives on.</summary>
public static class ProcessLimits
{
    /// <summary>RLIMIT_DATA: what is written to and shared with nobody. Memory-mapped images and libraries do not count.</summary>
    private const int Data = 2;

    /// <summary>The kernel, where it runs out of memory all the same, ends this process before the portal (0 is the usual, 1000 the most).</summary>
    private const string FirstToGo = "700";

    /// <summary>Call before torch is loaded. Without the variable, and where the system is not Linux, there is no limit.</summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux()) return;
        try { File.WriteAllText("/proc/self/oom_score_adj", FirstToGo); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }      // some containers keep it

        if (!ulong.TryParse(Environment.GetEnvironmentVariable(HostMemory.LimitVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) return;
        var limit = new Limit(bytes, bytes);
        _ = SetLimit(Data, ref limit);      // a lower limit that is there already stays
    }

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, ref Limit limit);

    private readonly record struct Limit(ulong Current, ulong Most);
}
