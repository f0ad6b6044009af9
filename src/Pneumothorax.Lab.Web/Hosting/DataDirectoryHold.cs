using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>
/// This portal's hold on its data directory. Two portals on one directory would each take the other's runs for left-overs
/// of a crash and start them a second time. Portals that share a PostgreSQL server do not, and hold the directory together.
/// </summary>
internal sealed class DataDirectoryHold : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryHold(FileStream file) => _file = file;

    /// <exception cref="IOException">Another portal holds it, or nothing can be written there; the message names it.</exception>
    /// <param name="isShared">With other portals of the same kind.</param>
    public static DataDirectoryHold Take(LabPaths paths, bool isShared)
    {
        var path = Path.Combine(paths.DataDirectory, "portal.lock");
        try
        {
            foreach (var folder in (string[])[paths.DataDirectory, paths.Datasets, paths.Runs, paths.Keys]) Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(paths.Keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (!isShared) return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)) { }
            return new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new IOException($"Another portal uses the data directory {paths.DataDirectory}. Set Lab__DataDirectory to give this one its own.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The data directory {paths.DataDirectory} cannot be written ({exception.Message.ReplaceLineEndings(" ")}) Set Lab__DataDirectory to another.");
        }
    }

    public void Dispose() => _file.Dispose();
}
