using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Courses;

/// <summary>
/// Does the purges that were confirmed, one after another, run by run or student by student in the order of their numbers. After each it
/// writes down how far it is: a portal that is killed goes on there at its next start, and of several portals another one does.
/// </summary>
public sealed class PurgeRunner(
    IDbContextFactory<LabDbContext> contexts, RunStore store, RunLauncher launcher, StudentErasure erasure, OwnImageStore images, Audit audit, TimeProvider clock,
    ILogger<PurgeRunner> log) : BackgroundService
{
    private const string AsideName = ".purged-checkpoints";

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>A portal writes its progress at least this often, except for one folder that takes longer; then two do the same, which does no harm.</summary>
    private static readonly TimeSpan s_lost = TimeSpan.FromSeconds(30);

    private readonly string _host = $"{Environment.MachineName}/{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunDueAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogWarning(exception, "A purge was interrupted; it will continue shortly.");
                await Task.Delay(s_lost, clock, stoppingToken);
            }
        }
    }

    /// <summary>Does every purge that is due and that no other portal is at.</summary>
    internal async Task RunDueAsync(CancellationToken cancellationToken)
    {
        while (await TakeAsync(cancellationToken) is { } purge) await RunAsync(purge, cancellationToken);
    }

    private async Task<Purge?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (now, lost) = (clock.GetUtcNow(), clock.GetUtcNow() - s_lost);
        var due = db.Purges.Where(purge => purge.EndedAt == null && (purge.Host == null || purge.Host == _host || purge.SeenAt < lost));
        foreach (var id in await due.OrderBy(purge => purge.Id).Select(purge => purge.Id).ToListAsync(cancellationToken))
        {
            var taken = await due.Where(purge => purge.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(purge => purge.Host, _host).SetProperty(purge => purge.SeenAt, now), cancellationToken);
            if (taken == 1) return await db.Purges.AsNoTracking().SingleAsync(purge => purge.Id == id, cancellationToken);
        }
        return null;
    }

    private async Task RunAsync(Purge purge, CancellationToken cancellationToken)
    {
        var (began, before) = (clock.GetTimestamp(), purge.Done);
        foreach (var id in await ToDoAsync(purge, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var freed = purge.Choice switch
            {
                PurgeChoice.Checkpoints => await PurgeCheckpointsAsync(id, cancellationToken),
                PurgeChoice.Runs => await PurgeRunAsync(id, cancellationToken),
                _ => await PurgeStudentAsync(id, purge, cancellationToken),
            };
            (purge.Cursor, purge.Done) = (id, purge.Done + 1);
            if (freed is { } bytes) purge.FreedBytes += bytes;
            else purge.Left++;
            purge.SecondsLeft = Math.Max(0, purge.Total - purge.Done) * clock.GetElapsedTime(began).TotalSeconds / (purge.Done - before);
            if (!await WriteAsync(purge, cancellationToken)) return;
        }
        purge.EndedAt = clock.GetUtcNow();
        // Somebody may have been erased or have deleted runs since it was confirmed.
        purge.Done = Math.Max(purge.Done, purge.Total);
        if (!await WriteAsync(purge, cancellationToken)) return;
        await audit.RecordAsync(
            By(purge), AuditKind.PurgeEnded, string.Create(CultureInfo.InvariantCulture, $"course {purge.CourseId}"),
            detail: string.Create(CultureInfo.InvariantCulture, $"{purge.FreedBytes / 1e6:0.0} MB freed, {purge.Left} kept because a run is queued or in progress"),
            cancellationToken: cancellationToken);
    }

    private async Task<IReadOnlyList<int>> ToDoAsync(Purge purge, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = purge.Choice == PurgeChoice.Students
            ? db.StudentsOf(purge.CourseId).Select(member => member.Id)
            : db.RunsOf(purge.CourseId).Select(run => run.Id);
        return await ids.Where(id => id > purge.Cursor && id <= purge.UpTo).Order().ToListAsync(cancellationToken);
    }

    /// <returns>False when another portal has taken over.</returns>
    private async Task<bool> WriteAsync(Purge purge, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return 1 == await db.Purges.Where(row => row.Id == purge.Id && row.Host == _host).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Cursor, purge.Cursor)
            .SetProperty(row => row.Done, purge.Done)
            .SetProperty(row => row.Left, purge.Left)
            .SetProperty(row => row.FreedBytes, purge.FreedBytes)
            .SetProperty(row => row.SecondsLeft, purge.SecondsLeft)
            .SetProperty(row => row.SeenAt, now)
            .SetProperty(row => row.EndedAt, purge.EndedAt), cancellationToken);
    }

    /// <returns>Bytes; null for a run that is not over.</returns>
    private async Task<long?> PurgeCheckpointsAsync(int id, CancellationToken cancellationToken)
    {
        var folder = store.FolderOf(id);
        var aside = Path.Combine(folder.Path, AsideName);
        var isOver = await contexts.WriteAsync(async db =>
        {
            // While this transaction lasts nobody puts the run back into the queue.
            var run = await db.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.Id == id, cancellationToken);
            if (run is not { IsOver: true }) return run is null;
            // What lies aside already, a portal that was killed left.
            if (Directory.Exists(folder.CheckpointsPath) && !Directory.Exists(aside)) Directory.Move(folder.CheckpointsPath, aside);
            return true;
        }, cancellationToken);
        if (!isOver) return null;

        var bytes = Delete(aside);
        return bytes + (Directory.Exists(folder.CheckpointsPath) ? await PurgeCheckpointsAsync(id, cancellationToken) : 0);
    }

    private async Task<long?> PurgeRunAsync(int id, CancellationToken cancellationToken)
    {
        Run? run;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            run = await db.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.Id == id, cancellationToken);
        if (run is null) return 0;
        if (!run.IsOver) return null;

        var bytes = RunBytes.Size(new DirectoryInfo(store.FolderOf(run).Path));
        return await launcher.TryDeleteAsync(run, cancellationToken) ? bytes : null;
    }

    private async Task<long?> PurgeStudentAsync(int id, Purge purge, CancellationToken cancellationToken)
    {
        var bytes = (await erasure.CountAsync(id, cancellationToken)).Runs.Sum(run => RunBytes.Size(new DirectoryInfo(store.FolderOf(run).Path))) + images.BytesOf(id);
        return await erasure.TryEraseAsync(id, By(purge), cancellationToken) ? bytes : null;
    }

    private static Viewer By(Purge purge) => new(purge.ById, "", IsInstructor: true) { Address = purge.Address };

    private static long Delete(string folder)
    {
        var bytes = RunBytes.Size(new DirectoryInfo(folder));
        try { Directory.Delete(folder, recursive: true); }
        catch (DirectoryNotFoundException) { }
        return bytes;
    }
}
