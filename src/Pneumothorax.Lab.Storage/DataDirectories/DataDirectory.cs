using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Storage.DataDirectories;

/// <summary>
/// Names, answers and pictures of students lie in the data directory, and the keys to all of it: it belongs to one user, and is that user's alone.
/// Portals and workers on several hosts share it as the same user.
/// </summary>
public static class DataDirectory
{
    /// <summary>"true" where root shall write into another user's directory all the same.</summary>
    public const string RootSetting = "Lab__AllowRoot";

    // Not the folder of downloads, which somebody else may fill, and nothing that a file system or an operator keeps beside.
    private static readonly string[] s_files = ["lab.db", "lab.db-wal", "lab.db-shm", "class.json", "import.json", "portal.lock", "phantom.lock", "import.lock"];

    /// <summary>For a portal: that it can use what is there.</summary>
    /// <param name="allowsRoot">The value of <see cref="RootSetting"/>.</param>
    /// <exception cref="IOException">Something in it belongs to another user; one line that says what to type.</exception>
    public static void RequireUsable(LabPaths paths, string? allowsRoot)
    {
        RefuseRoot(paths.DataDirectory, allowsRoot, owner => $"Files that root writes there cannot be used by {owner}: start the portal as {owner}");
        RefuseClosed(paths);
    }

    /// <summary>For a portal: makes what is missing, and takes from others' eyes what an earlier version left open to them.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public static void Prepare(LabPaths paths)
    {
        UnixFiles.MakePrivate();
        foreach (var folder in Folders(paths)) Directory.CreateDirectory(folder);
        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (var folder in Folders(paths)) Tighten(folder, Mine | UnixFileMode.UserExecute);
        foreach (var file in s_files) Tighten(Path.Combine(paths.DataDirectory, file), Mine);
    }

    /// <summary>For a command that writes into it: what it makes is private, and the portal's to use.</summary>
    /// <exception cref="IOException">It belongs to another user; one line that says what to type.</exception>
    public static void OpenToWrite(LabPaths paths)
    {
        RequireOwn(paths.DataDirectory);
        RefuseClosed(paths);
    }

    /// <summary>For a command that adds to a folder, such as that of a run.</summary>
    /// <inheritdoc cref="OpenToWrite"/>
    public static void RequireOwn(string folder)
    {
        UnixFiles.MakePrivate();
        RefuseRoot(folder, Environment.GetEnvironmentVariable(RootSetting), owner => $"The portal cannot use files that root writes there. Type: runuser -u {owner} -- {Command()}");
    }

    private static void RefuseRoot(string folder, string? allowsRoot, Func<string, string> advice)
    {
        if (!UnixFiles.IsRoot || IsAllowed(allowsRoot) || UnixFiles.OwnerOf(folder) is not { } owner || owner == UnixFiles.CurrentUser) return;
        var name = UnixFiles.NameOf(owner);
        throw new IOException($"The folder {folder} belongs to {name}, not to root. {advice(name)} (or set {RootSetting}=true).");
    }

    private static void RefuseClosed(LabPaths paths)
    {
        if (UnixFiles.CurrentUser is not { } user || UnixFiles.IsRoot || Parts(paths).FirstOrDefault(part => !UnixFiles.IsUsable(part)) is not { } closed) return;
        var me = UnixFiles.NameOf(user);
        var other = UnixFiles.OwnerOf(closed) is { } owner && owner != user ? UnixFiles.NameOf(owner) : null;
        var why = other is null ? $"cannot be read and written by {me}" : $"belongs to {other}, and {me} cannot use it";
        // A whole directory of another user is rather that user's lab than one left behind.
        var instead = closed == paths.DataDirectory && other is not null ? $"Do this as {other}. " : "";
        throw new IOException($"{closed} {why}. {instead}If this lab is to run as {me}, type: sudo chown -R {me}: {paths.DataDirectory} && sudo chmod -R u+rwX {paths.DataDirectory}");
    }

    private static string[] Folders(LabPaths paths) => [paths.Datasets, paths.Runs, paths.Keys, paths.Uploads];

    /// <summary>Down to each run and data set: what a command of another user has made.</summary>
    private static IEnumerable<string> Parts(LabPaths paths) =>
    [
        paths.DataDirectory,
        .. s_files.Select(file => Path.Combine(paths.DataDirectory, file)),
        .. Folders(paths).SelectMany(folder => Directory.Exists(folder) && UnixFiles.IsUsable(folder) ? Directory.EnumerateDirectories(folder).Prepend(folder) : [folder]),
    ];

    private static bool IsAllowed(string? allowsRoot) => bool.TryParse(allowsRoot, out var allows) && allows;

    /// <summary>As it was typed.</summary>
    private static string Command()
    {
        var program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "lab" ? Environment.ProcessPath! : "lab";
        return string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Prepend(program).Select(Quoted));
    }

    private static string Quoted(string argument) => argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "-_./:=,+@%".Contains(c, StringComparison.Ordinal))
        ? argument
        : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static void Tighten(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            if (Path.Exists(path) && File.GetUnixFileMode(path) != mode) File.SetUnixFileMode(path, mode);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or on a file system that keeps no modes: then its own settings say who reads it.
        }
    }
}
