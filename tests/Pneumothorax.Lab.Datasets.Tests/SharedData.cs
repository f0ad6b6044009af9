namespace Pneumothorax.Lab.Datasets.Tests;

/// <summary>Real material beside the repository, which a plain clone does not have.</summary>
internal static class SharedData
{
    /// <returns>A file or folder below ../shared/data; the test is skipped where it is absent.</returns>
    public static string Path(string name)
    {
        var path = Find(name);
        if (!File.Exists(path) && !Directory.Exists(path)) Assert.Skip($"../shared/data/{name} is absent.");
        return path;
    }

    /// <returns>Names of the files that match, or "absent" alone, so that a theory always has a case to report.</returns>
    public static IEnumerable<string> Names(string folder, string pattern) =>
        Directory.Exists(Find(folder)) ? Directory.EnumerateFiles(Find(folder), pattern).Select(file => System.IO.Path.GetFileName(file)).Order() : ["absent"];

    private static string Find(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "Pneumothorax.Lab.sln"))) root = root.Parent;
        return System.IO.Path.GetFullPath(System.IO.Path.Combine(root?.FullName ?? AppContext.BaseDirectory, "..", "shared", "data", name));
    }
}
