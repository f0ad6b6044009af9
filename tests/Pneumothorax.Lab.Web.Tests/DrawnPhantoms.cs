using System.Collections.Concurrent;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Phantoms;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>Phantoms that are drawn once in a test process; a lab gets a copy, because drawing fifty of them costs a second of computing.</summary>
internal static class DrawnPhantoms
{
    private static readonly DirectoryInfo s_folder = Directory.CreateTempSubdirectory("lab-phantoms-");
    private static readonly ConcurrentDictionary<(string Name, int Images, int Seed), Lazy<DirectoryInfo>> s_sets = [];

    static DrawnPhantoms() => AppDomain.CurrentDomain.ProcessExit += (_, _) => s_folder.Delete(recursive: true);

    /// <summary>Registers such a data set with the same content as <see cref="PhantomGenerator.Generate"/> would.</summary>
    /// <param name="datasets">The folder of the store.</param>
    public static void CopyTo(string datasets, string name, int images = PhantomGenerator.LeastImages, int seed = 1)
    {
        var set = s_sets.GetOrAdd((name, images, seed), _ => new(() => Draw(name, images, seed))).Value;
        var target = Directory.CreateDirectory(Path.Combine(datasets, name)).FullName;
        // The manifest comes last: with it the data set becomes visible.
        foreach (var file in set.EnumerateFiles().OrderBy(file => file.Name == "dataset.json")) file.CopyTo(Path.Combine(target, file.Name));
    }

    private static DirectoryInfo Draw(string name, int images, int seed)
    {
        using var store = new DatasetStore(s_folder.CreateSubdirectory($"{name}-{images}-{seed}").FullName);
        PhantomGenerator.Generate(store, name, images, seed);
        return new(Path.Combine(store.Directory, name));
    }
}
