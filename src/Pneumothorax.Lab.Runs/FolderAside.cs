using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Storage;

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

    public void Delete() => Delete(aside);

    /// <summary>Deletes what a portal that ended in the middle left aside. A run that still has its row is not touched: another portal may
    /// be about to move its folder back.</summary>
    public static async Task SweepAsync(string runsDirectory, IDbContextFactory<LabDbContext> contexts, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(runsDirectory)) return;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var left in Directory.GetDirectories(runsDirectory, Mark + "*"))
        {
            var id = int.TryParse(Path.GetFileName(left)[Mark.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
            if (!await db.Runs.AnyAsync(run => run.Id == id, cancellationToken)) Delete(left);
        }
    }

    private static void Delete(string folder)
    {
        try { Directory.Delete(folder, recursive: true); }
        catch (DirectoryNotFoundException) { }      // another portal swept it up
    }
}
