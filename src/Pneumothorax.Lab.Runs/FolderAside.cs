using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs;

/// <summary>A run folder on its way out: first renamed in one step, then deleted file by file.</summary>
internal sealed class FolderAside(string from, string aside)
{
    private const string Mark = ".deleted-";

    public static FolderAside? Of(RunFolder folder)
    {
        if (!Directory.Exists(folder.Path)) return null;

        var aside = Path.Combine(Path.GetDirectoryName(folder.Path)!, $"{Mark}{Path.GetFileName(folder.Path)}-{Guid.NewGuid():N}");
        Directory.Move(folder.Path, aside);
        return new(folder.Path, aside);
    }

    public void MoveBack() => Directory.Move(aside, from);

    public void Delete() => Directory.Delete(aside, recursive: true);

    /// <summary>Deletes what a portal that ended in the middle left aside.</summary>
    public static void Sweep(string runsDirectory)
    {
        if (!Directory.Exists(runsDirectory)) return;
        foreach (var left in Directory.EnumerateDirectories(runsDirectory, Mark + "*")) Directory.Delete(left, recursive: true);
    }
}
