using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Datasets;

/// <summary>Opens files that a user names. Opening a named pipe would wait for whoever writes into it, and no signal ends that wait.</summary>
public static partial class RegularFile
{
    // From Linux's stat.h, the same on every processor.
    private const int CurrentDirectory = -100;
    private const uint TypeOnly = 1;
    private const int StatBytes = 256;
    private const int ModeAt = 28;
    private const int TypeBits = 0xF000;

    /// <exception cref="InvalidDataException">The name is that of a folder, a pipe, a device or a socket; one line that says so.</exception>
    /// <exception cref="IOException">As <see cref="FileStream"/> has it.</exception>
    public static FileStream Open(string path, FileShare share = FileShare.Read)
    {
        Check(path);
        return new(path, FileMode.Open, FileAccess.Read, share);
    }

    /// <returns>The text of a file, as <see cref="StreamReader"/> reads it.</returns>
    /// <inheritdoc cref="Open"/>
    public static StreamReader OpenText(string path) => new(Open(path));

    /// <summary>Passes whatever can be opened without waiting, and what is not there.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Check(string path)
    {
        if (KindOf(path) is { } kind) throw new InvalidDataException($"{path} is {kind}, not a file. Give the name of a file.");
    }

    /// <returns>What it is if it is no file, such as "a folder"; null for a file, also through a link, and for what is not there.</returns>
    public static string? KindOf(string path)
    {
        if (Directory.Exists(path)) return "a folder";
        if (!OperatingSystem.IsLinux()) return null;
        return TypeOf(path) switch
        {
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => null,
        };
    }

    private static unsafe int TypeOf(string path)
    {
        var stat = stackalloc byte[StatBytes];
        try { return FileStatus(CurrentDirectory, path, 0, TypeOnly, stat) == 0 ? *(ushort*)(stat + ModeAt) & TypeBits : 0; }
        catch (EntryPointNotFoundException) { return 0; }       // an old C library
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int FileStatus(int directory, string path, int flags, uint mask, byte* status);
}
