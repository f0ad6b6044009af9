using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs;

/// <summary>The trained run that ships with the lab, so that ROC and CAM work before anybody has trained.</summary>
public sealed class ReferenceRun(IDbContextFactory<LabDbContext> contexts, RunStore store, LabPaths paths, TimeProvider clock)
{
    /// <summary>
    /// Copies a run folder into the lab as a completed run that everybody sees. Where there is one already, it only gets the statistics by which
    /// strange pictures are known, if it is of a time before there were any, or these knew less.
    /// </summary>
    /// <param name="source">A folder as <c>lab train</c> leaves it.</param>
    /// <param name="bestStep">The checkpoint that its evaluation used.</param>
    /// <exception cref="InvalidDataException">Its <c>run.json</c> is absent or damaged.</exception>
    public async Task InstallAsync(RunFolder source, int? bestStep, CancellationToken cancellationToken = default)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await db.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.IsReference, cancellationToken) is { } there)
            {
                if (bestStep is { } step) AddStatistics(source, store.FolderOf(there), step);
                return;
            }
        }
        var spec = source.ReadSpec();
        // Copy under another name before the row is there: whoever sees the run finds its whole folder.
        var copy = Path.Combine(paths.Runs, $".incoming-{Guid.NewGuid():N}");
        try
        {
            CopyFolder(source.Path, copy);
            await contexts.WriteAsync(async db =>
            {
                // Another portal may have been first.
                if (await db.Runs.AnyAsync(run => run.IsReference, cancellationToken)) return false;
                var run = RowOf(spec, bestStep);
                db.Runs.Add(run);
                await db.SaveChangesAsync(cancellationToken);
                Directory.Move(copy, store.FolderOf(run).Path);
                return true;
            }, cancellationToken);
        }
        finally
        {
            // Not needed, or not whole.
            if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        }
    }

    private Run RowOf(RunSpec spec, int? bestStep)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Name = spec.Name,
            IsReference = true,
            Dataset = spec.Dataset,
            Network = spec.Network,
            Hyperparameters = spec.Hyperparameters,
            State = RunState.Completed,
            Step = spec.Hyperparameters.Steps,
            BestStep = bestStep,
            CreatedAt = spec.CreatedAt ?? now,
            QueuedAt = spec.CreatedAt ?? now,
            EndedAt = spec.CreatedAt ?? now,
        };
    }

    private static void AddStatistics(RunFolder source, RunFolder installed, int step)
    {
        if (!File.Exists(source.FeaturesPath)) return;
        // Of fewer features, and so shorter: an older version's.
        if (File.Exists(installed.FeaturesPath) && new FileInfo(installed.FeaturesPath).Length >= new FileInfo(source.FeaturesPath).Length) return;
        // They are of these weights and no others.
        if (!File.Exists(installed.WeightsPath(step)) || !File.ReadAllBytes(installed.WeightsPath(step)).AsSpan().SequenceEqual(File.ReadAllBytes(source.WeightsPath(step)))) return;

        AtomicFile.Write(installed.FeaturesPath, part => File.Copy(source.FeaturesPath, part), hasRivals: true);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
