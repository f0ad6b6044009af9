using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.DataDirectories;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>
/// This portal's hold on its data directory. Two portals on one directory would each take the other's runs for left-overs
/// of a crash and start them a second time. Portals that share a PostgreSQL server do not, and hold the directory together.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <exception cref="IOException">Another portal holds it, it is another user's, or nothing can be written there; the message names it.</exception>
    /// <param name="allowsRoot">The setting <see cref="DataDirectory.RootSetting"/>.</param>
    /// <param name="isShared">With other portals of the same kind.</param>
    public static DataDirectoryLock Take(LabPaths paths, bool isShared, string? allowsRoot)
    {
        var path = Path.Combine(paths.DataDirectory, "portal.lock");
        DataDirectory.RequireUsable(paths, allowsRoot);
        try
        {
            DataDirectory.Prepare(paths);
            if (!isShared) return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)) { }
            return new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new IOException($"Another portal is using the data directory {paths.DataDirectory}. Set Lab__DataDirectory to give this one its own.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The data directory {paths.DataDirectory} cannot be written ({exception.Message.ReplaceLineEndings(" ")}) Set Lab__DataDirectory to another folder.");
        }
    }

    public void Dispose() => _file.Dispose();
}
