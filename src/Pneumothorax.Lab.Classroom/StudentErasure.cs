using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom;

/// <summary>What goes when a student is erased.</summary>
public sealed record StudentBelongings(IReadOnlyList<Run> Runs, int Attempts, int Answers, int Comments, int Pins, int Images);

/// <summary>Takes a student out of the class, with everything that is theirs: coursework, what was written to them, pictures that they brought, runs and their folders.</summary>
public sealed class StudentErasure(
    IDbContextFactory<LabDbContext> contexts, RunStore store, RunLauncher launcher, RunFeed feed, CourseworkNotifier changes, OwnImageStore images, Audit audit,
    TimeProvider clock)
{
    /// <summary>A process ends within five seconds.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public async Task<StudentBelongings> CountAsync(int memberId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return new(
            await db.Runs.AsNoTracking().Where(run => run.OwnerId == memberId).OrderBy(run => run.Id).ToListAsync(cancellationToken),
            await db.TaskAttempts.CountAsync(attempt => attempt.MemberId == memberId, cancellationToken),
            await db.Answers.CountAsync(answer => answer.MemberId == memberId && answer.Text != "", cancellationToken),
            await db.Comments.CountAsync(comment => comment.MemberId == memberId, cancellationToken),
            await db.Pins.CountAsync(pin => pin.MemberId == memberId, cancellationToken),
            images.List(memberId).Count);
    }

    /// <summary>Stops what they have running, then deletes everything at once: either all of it is gone, or all of it is still there.</summary>
    /// <exception cref="RequestRefusedException">Somebody other than the instructor tries to, it is the instructor, the student is gone
    /// already, or a run of theirs does not end.</exception>
    public async Task EraseAsync(int memberId, Viewer by, CancellationToken cancellationToken = default)
    {
        if (!by.IsInstructor) throw new RequestRefusedException("Only an instructor can erase a student.");
        await CheckIsStudentAsync(memberId, cancellationToken);

        var began = clock.GetTimestamp();
        while (true)
        {
            // Each time anew: they may start another run while the last one ends.
            await StopRunsAsync(memberId, by, cancellationToken);
            if (await TryDeleteAsync(memberId, by, cancellationToken)) return;
            if (clock.GetElapsedTime(began) > s_patience)
                throw new RequestRefusedException("A run of this student could not be stopped. Nothing has been erased; try again in a minute.") { MayPassLater = true };
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellationToken);
        }
    }

    /// <summary>Deletes everything, unless a run of theirs is in the queue or under way.</summary>
    /// <returns>False when it all stays: such a run, or no such student.</returns>
    internal async Task<bool> TryEraseAsync(int memberId, Viewer by, CancellationToken cancellationToken)
    {
        try { await CheckIsStudentAsync(memberId, cancellationToken); }
        catch (RequestRefusedException) { return false; }
        return await TryDeleteAsync(memberId, by, cancellationToken);
    }

    private async Task CheckIsStudentAsync(int memberId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var member = await db.Members.AsNoTracking().SingleOrDefaultAsync(m => m.Id == memberId, cancellationToken)
            ?? throw new RequestRefusedException("This student has already been erased.");
        if (member.Role != MemberRole.Student) throw new RequestRefusedException("Only students can be erased.");
    }

    private async Task StopRunsAsync(int memberId, Viewer by, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await db.Runs.AsNoTracking().Where(run => run.OwnerId == memberId).ToListAsync(cancellationToken);
        // Those in the queue first: else one of them starts when the one under way ends.
        foreach (var run in runs.Where(run => !run.IsOver).OrderByDescending(run => run.State == RunState.Queued))
        {
            try { await launcher.CancelAsync(run.Id, by, cancellationToken); }
            catch (Exception exception) when (exception is RequestRefusedException or RunNotFoundException) { }      // it ended by itself meanwhile
        }
    }

    /// <returns>False while a run is not over.</returns>
    private async Task<bool> TryDeleteAsync(int memberId, Viewer by, CancellationToken cancellationToken)
    {
        List<PendingDeletion> aside = [];
        List<Run>? runs;
        try
        {
            // One writer at a time, so nothing of theirs is added between the look and the deletion.
            runs = await contexts.WriteAsync(async db =>
            {
                var theirs = await db.Runs.AsNoTracking().Where(run => run.OwnerId == memberId).ToListAsync(cancellationToken);
                if (theirs.Any(run => !run.IsOver)) return null;
                // As with a single run: a row without a folder could be shown, a folder without a row is only swept up.
                foreach (var run in theirs)
                {
                    if (PendingDeletion.Of(store.FolderOf(run)) is { } folder) aside.Add(folder);
                }
                if (PendingDeletion.Of(images.FolderOf(memberId)) is { } pictures) aside.Add(pictures);
                await db.Runs.Where(run => run.OwnerId == memberId).ExecuteDeleteAsync(cancellationToken);
                await db.Members.Where(member => member.Id == memberId).ExecuteDeleteAsync(cancellationToken);      // their coursework goes with them
                db.Audit.Add(audit.Entry(by, AuditKind.StudentErased, $"student {memberId}", memberId, theirs.Count == 1 ? "with 1 run" : $"with {theirs.Count} runs"));
                await db.SaveChangesAsync(cancellationToken);
                return theirs;
            }, cancellationToken);
            if (runs is null) return false;
        }
        catch
        {
            foreach (var folder in aside) folder.MoveBack();
            throw;
        }
        foreach (var run in runs) feed.Publish(new(run, [], []) { IsDeleted = true });
        changes.PublishErased(memberId);
        foreach (var folder in aside) folder.Delete();
        return true;
    }
}
