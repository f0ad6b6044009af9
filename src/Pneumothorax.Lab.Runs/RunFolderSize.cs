using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs;

public static class RunFolderSize
{
    /// <returns>Bytes on disk; 0 where there is no folder. A file that vanishes meanwhile counts nothing.</returns>
    public static long Size(this RunFolder folder)
    {
        var root = new DirectoryInfo(folder.Path);
        if (!root.Exists) return 0;

        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };
        return root.EnumerateFiles("*", options).Sum(file =>
        {
            try { return file.Length; }
            catch (IOException) { return 0; }
        });
    }
}
