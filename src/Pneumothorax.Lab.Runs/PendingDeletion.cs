using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs;

/// <summary>A folder on its way out: first renamed in one step, then deleted file by file.</summary>
internal sealed class PendingDeletion(string from, string aside)
{
    private const string Mark = ".deleted-";

    public static PendingDeletion? Of(RunFolder folder) => Of(folder.Path);

    public static PendingDeletion? Of(string folder)
    {
        if (!Directory.Exists(folder)) return null;

        var aside = Path.Combine(Path.GetDirectoryName(folder)!, $"{Mark}{Path.GetFileName(folder)}-{Guid.NewGuid():N}");
        Directory.Move(folder, aside);
        return new(folder, aside);
    }

    public void MoveBack() => Directory.Move(aside, from);

    public void Delete() => Delete(aside);

    /// <summary>Deletes what a portal that ended in the middle left aside. Where a run or member still has its row nothing is touched: another
    /// portal may be about to move the folder back.</summary>
    public static async Task SweepAsync(LabPaths paths, IDbContextFactory<LabDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var (left, id) in LeftIn(paths.Runs))
        {
            if (!await db.Runs.AnyAsync(run => run.Id == id, cancellationToken)) Delete(left);
        }
        foreach (var (left, id) in LeftIn(paths.Uploads))
        {
            if (!await db.Members.AnyAsync(member => member.Id == id, cancellationToken)) Delete(left);
        }
    }

    private static IEnumerable<(string Path, int Id)> LeftIn(string directory) => !Directory.Exists(directory)
        ? []
        : from left in Directory.GetDirectories(directory, Mark + "*")
          let id = int.TryParse(Path.GetFileName(left)[Mark.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var parsed) ? parsed : 0
          select (left, id);

    private static void Delete(string folder)
    {
        try { Directory.Delete(folder, recursive: true); }
        catch (DirectoryNotFoundException) { }      // another portal swept it up
    }
}
