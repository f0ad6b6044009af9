using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Storage.DataDirectories;

/// <summary>Who owns a file and who this process is: what .NET does not tell. Everywhere but on Linux nothing is known.</summary>
internal static class UnixFiles
{
    private const int Root = 0;

    // statx(2): its layout is the same on every processor, unlike that of stat(2).
    private const int CurrentDirectory = -100;
    private const uint WantsUser = 0x8;
    private const int StatLength = 256;
    private const int UserOffset = 20;

    // access(2)
    private const int ReadWriteEnter = 4 + 2 + 1;
    private const int ReadWrite = 4 + 2;

    /// <summary>The user that this process acts as.</summary>
    public static int? CurrentUser => OperatingSystem.IsLinux() ? GetEffectiveUser() : null;

    public static bool IsRoot => CurrentUser == Root;

    /// <summary>From now on what this process and its children make is their user's alone: 0600 and 0700.</summary>
    public static void MakePrivate()
    {
        const int OthersNothing = 0x3F;     // 077
        if (!OperatingSystem.IsWindows()) _ = SetMask(OthersNothing);
    }

    /// <returns>Number of the user that a file or folder belongs to; null where that cannot be told.</returns>
    public static int? OwnerOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var stat = new byte[StatLength];
        try { return Stat(CurrentDirectory, path, 0, WantsUser, stat) == 0 ? (int)BinaryPrimitives.ReadUInt32LittleEndian(stat.AsSpan(UserOffset)) : null; }
        catch (EntryPointNotFoundException) { return null; }        // an old C library
    }

    /// <returns>False when this process may not read or write the file, or not enter the folder.</returns>
    public static bool IsUsable(string path) =>
        !OperatingSystem.IsLinux() || !Path.Exists(path) || Access(path, Directory.Exists(path) ? ReadWriteEnter : ReadWrite) == 0;

    /// <returns>The user's name, or the number where the host's own list does not have it.</returns>
    public static string NameOf(int user)
    {
        var number = user.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 2 && parts[2] == number)?[0] ?? number;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return number;
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    private static extern uint SetMask(uint mask);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern int GetEffectiveUser();

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Stat(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] stat);

    [DllImport("libc", EntryPoint = "access")]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);
}
