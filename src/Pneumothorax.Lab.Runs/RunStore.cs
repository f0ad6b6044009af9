using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs;

/// <summary>As much of a run's row as its pictures need.</summary>
public sealed record RunPlace(int Id, int Attempt, string Dataset);

/// <summary>Finds runs. What a viewer may not read does not exist for them.</summary>
public sealed class RunStore(IDbContextFactory<LabDbContext> contexts, LabPaths paths)
{
    /// <returns>The newest run first, without those that others share: these are read at their address.</returns>
    public async Task<IReadOnlyList<Run>> ListAsync(Viewer viewer, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AsNoTracking().Include(run => run.Owner).ListedFor(viewer)
            .OrderByDescending(run => run.Id).ToListAsync(cancellationToken);
    }

    /// <returns>A run that the viewer may read; null where there is none.</returns>
    public async Task<Run?> FindAsync(int id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AsNoTracking().Include(run => run.Owner).ReadableBy(viewer, db)
            .SingleOrDefaultAsync(run => run.Id == id, cancellationToken);
    }

    /// <summary>As <see cref="GetAsync"/>, at a third of the cost: a page asks for a hundred pictures.</summary>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    public async Task<RunPlace> PlaceOfAsync(int id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.ReadableBy(viewer, db).Where(run => run.Id == id).Select(run => new RunPlace(run.Id, run.Attempt, run.Dataset)).SingleOrDefaultAsync(cancellationToken)
            ?? throw new RunNotFoundException(id);
    }

    /// <returns>Those of these runs that the viewer may read, shared ones too, in no particular order.</returns>
    public async Task<IReadOnlyList<Run>> FindAllAsync(IReadOnlyCollection<int> ids, Viewer viewer, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Runs.AsNoTracking().Include(run => run.Owner).ReadableBy(viewer, db).Where(run => ids.Contains(run.Id)).ToListAsync(cancellationToken);
    }

    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    public async Task<Run> GetAsync(int id, Viewer viewer, CancellationToken cancellationToken = default) =>
        await FindAsync(id, viewer, cancellationToken) ?? throw new RunNotFoundException(id);

    /// <summary>As <see cref="GetAsync"/>, for what goes beyond reading: changing the run, its log, putting it to other use.</summary>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    /// <exception cref="RequestRefusedException">The viewer only reads it, since its owner shares it.</exception>
    public async Task<Run> GetListedAsync(int id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var run = await GetAsync(id, viewer, cancellationToken);
        return run.IsListedFor(viewer) ? run : throw new RequestRefusedException($"You can only read run {id}. Only its owner and the teaching staff can do more with it.") { IsForbidden = true };
    }

    /// <returns>The attempts at these runs by run, the first one first.</returns>
    public async Task<ILookup<int, RunAttempt>> AttemptsAsync(IEnumerable<Run> runs, CancellationToken cancellationToken = default)
    {
        var ids = runs.Select(run => run.Id).ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.RunAttempts.AsNoTracking().Where(use => ids.Contains(use.RunId)).OrderBy(use => use.Attempt).ToListAsync(cancellationToken)).ToLookup(use => use.RunId);
    }

    public RunFolder FolderOf(Run run) => FolderOf(run.Id);

    public RunFolder FolderOf(RunPlace run) => FolderOf(run.Id);

    internal RunFolder FolderOf(int id) => new(Path.Combine(paths.Runs, id.ToString(CultureInfo.InvariantCulture)));
}
