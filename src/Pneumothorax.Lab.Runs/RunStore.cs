using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Runs;

/// <summary>Finds runs. What a viewer may not see does not exist for him.</summary>
public sealed class RunStore(IDbContextFactory<LabDbContext> contexts, LabPaths paths)
{
    /// <returns>The newest run first.</returns>
    public async Task<IReadOnlyList<Run>> ListAsync(Viewer viewer, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AsNoTracking().Include(run => run.Owner).VisibleTo(viewer)
            .OrderByDescending(run => run.Id).ToListAsync(cancellationToken);
    }

    public async Task<Run?> FindAsync(int id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AsNoTracking().Include(run => run.Owner).VisibleTo(viewer)
            .SingleOrDefaultAsync(run => run.Id == id, cancellationToken);
    }

    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    public async Task<Run> GetAsync(int id, Viewer viewer, CancellationToken cancellationToken = default) =>
        await FindAsync(id, viewer, cancellationToken) ?? throw new RunNotFoundException(id);

    /// <returns>The attempts at these runs by run, the first one first.</returns>
    public async Task<ILookup<int, SlotUse>> AttemptsAsync(IEnumerable<Run> runs, CancellationToken cancellationToken = default)
    {
        var ids = runs.Select(run => run.Id).ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.SlotUses.AsNoTracking().Where(use => ids.Contains(use.RunId)).OrderBy(use => use.Attempt).ToListAsync(cancellationToken)).ToLookup(use => use.RunId);
    }

    public RunFolder FolderOf(Run run) => FolderOf(run.Id);

    internal RunFolder FolderOf(int id) => new(Path.Combine(paths.Runs, id.ToString(CultureInfo.InvariantCulture)));
}
