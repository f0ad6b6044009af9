using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Learning.Native;

/// <summary>Keeps freed memory in the process. Training on a CPU allocates and frees the same hundreds of megabytes at every step.</summary>
/// <remarks>
/// By default glibc takes large blocks fresh from the kernel and gives them back when freed, so that every step pays for the zeroing
/// of its pages again: up to half of the training time. The settings are those of MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_ and
/// MALLOC_TOP_PAD_, made from inside so that it does not matter who starts the process.
/// </remarks>
internal static class Malloc
{
    // From glibc's malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    private const int Never = int.MaxValue;
    private const int PadBytes = 64 << 20;

    /// <summary>Call before training. Does nothing where the C library is not glibc.</summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(MmapThreshold, Never);
            _ = SetOption(TrimThreshold, Never);
            _ = SetOption(TopPad, PadBytes);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl has no such function, and no such habit.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
