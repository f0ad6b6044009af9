using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Courses;

/// <summary>What the members of a course keep in the lab.</summary>
/// <param name="Over">Runs that are over.</param>
/// <param name="Under">Runs in the queue or under way: no purge touches them, nor their owners.</param>
/// <param name="Busy">Students who have such a run.</param>
/// <param name="Bytes">Of the runs that are over.</param>
/// <param name="BytesUnder">Of the others.</param>
/// <param name="BytesOfIdle">Of the runs, and the own images, of students who can be erased.</param>
/// <param name="OwnImages">Pictures that students brought.</param>
/// <param name="OwnImageBytes">Of these pictures, and of what models said of them.</param>
public sealed record CourseHoldings(
    int Students, int Busy, int Over, int Under, RunBytes Bytes, long BytesUnder, long BytesOfIdle, int OwnImages, long OwnImageBytes)
{
    public long TotalBytes => Bytes.Total + BytesUnder + OwnImageBytes;

    /// <returns>Runs or students that would go.</returns>
    public int Count(PurgeChoice choice) => choice == PurgeChoice.Students ? Students - Busy : Over;

    /// <returns>Bytes that would be free.</returns>
    public long Freed(PurgeChoice choice) => choice switch
    {
        PurgeChoice.Checkpoints => Bytes.Checkpoints,
        PurgeChoice.Runs => Bytes.Total,
        _ => BytesOfIdle,
    };
}

/// <summary>Purges as they are confirmed and as they go; <see cref="PurgeRunner"/> does the work.</summary>
public sealed class PurgeStore(IDbContextFactory<LabDbContext> contexts, RunStore runs, OwnImageStore images, Audit audit, TimeProvider clock)
{
    /// <summary>Looks at every file of every run and every own image: seconds for a large course.</summary>
    public async Task<CourseHoldings> HoldingsAsync(int courseId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var students = await db.StudentsOf(courseId).Select(member => member.Id).ToListAsync(cancellationToken);
        var made = await db.RunsOf(courseId).AsNoTracking().ToListAsync(cancellationToken);
        var busy = made.Where(run => !run.IsOver).Select(run => run.OwnerId!.Value).ToHashSet();
        return await Task.Run(() =>
        {
            var (bytes, under, idle, pictures, pictureBytes) = (RunBytes.None, 0L, 0L, 0, 0L);
            foreach (var run in made)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var its = RunBytes.Of(runs.FolderOf(run));
                if (run.IsOver) bytes += its;
                else under += its.Total;
                if (!busy.Contains(run.OwnerId!.Value)) idle += its.Total;
            }
            foreach (var student in students)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var its = images.BytesOf(student);
                pictures += images.List(student).Count;
                pictureBytes += its;
                if (!busy.Contains(student)) idle += its;
            }
            var over = made.Count(run => run.IsOver);
            return new CourseHoldings(students.Count, busy.Count, over, made.Count - over, bytes, under, idle, pictures, pictureBytes);
        }, cancellationToken);
    }

    /// <returns>Students by section; a section without any is absent.</returns>
    public async Task<IReadOnlyDictionary<int, int>> StudentsBySectionAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var standard = await db.Sections.Where(section => section.IsDefault).Select(section => section.Id).SingleAsync(cancellationToken);
        return await db.Members.Where(member => member.Role == MemberRole.Student)
            .GroupBy(member => member.SectionId ?? standard).Select(section => new { section.Key, Count = section.Count() })
            .ToDictionaryAsync(section => section.Key, section => section.Count, cancellationToken);
    }

    /// <returns>The newest purge of this course; null when there was none.</returns>
    public async Task<Purge?> LatestAsync(int courseId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Purges.AsNoTracking().Where(purge => purge.CourseId == courseId).OrderByDescending(purge => purge.Id).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Confirms a purge: what is there now goes, what comes later stays.</summary>
    /// <exception cref="RequestRefusedException">One is going on in this course, there is nothing to purge, or somebody other than the instructor asks.</exception>
    public Task<Purge> StartAsync(int courseId, PurgeChoice choice, Viewer by, CancellationToken cancellationToken = default)
    {
        if (!by.IsInstructor) throw new RequestRefusedException("Only an instructor can purge a course.");
        return contexts.WriteAsync(async db =>
        {
            if (!await db.Courses.AnyAsync(course => course.Id == courseId, cancellationToken)) throw new RequestRefusedException($"There is no course {courseId}.");
            if (await db.Purges.AnyAsync(purge => purge.CourseId == courseId && purge.EndedAt == null, cancellationToken))
                throw new RequestRefusedException("A purge of this course is already running.") { MayPassLater = true };
            var ids = choice == PurgeChoice.Students
                ? await db.StudentsOf(courseId).Select(member => member.Id).ToListAsync(cancellationToken)
                : await db.RunsOf(courseId).Select(run => run.Id).ToListAsync(cancellationToken);
            if (ids.Count == 0) throw new RequestRefusedException("There is nothing to purge.");
            var now = clock.GetUtcNow();
            var purge = new Purge
            {
                CourseId = courseId,
                Choice = choice,
                ById = by.MemberId,
                Address = by.Address,
                StartedAt = now,
                SeenAt = now,
                UpTo = ids.Max(),
                Total = ids.Count,
            };
            db.Purges.Add(purge);
            db.Audit.Add(audit.Entry(by, AuditKind.PurgeStarted, $"course {courseId}", detail: $"{choice.ToString().ToLowerInvariant()}, {ids.Count} in total"));
            await db.SaveChangesAsync(cancellationToken);
            return purge;
        }, cancellationToken);
    }
}

internal static class CourseMembers
{
    public static IQueryable<Member> StudentsOf(this LabDbContext db, int courseId) => db.Members.Where(member => member.Role == MemberRole.Student
        && db.Sections.Any(section => section.CourseId == courseId && (section.Id == member.SectionId || (section.IsDefault && member.SectionId == null))));

    /// <summary>Never the reference run, which is nobody's.</summary>
    public static IQueryable<Run> RunsOf(this LabDbContext db, int courseId) =>
        db.Runs.Where(run => !run.IsReference && db.StudentsOf(courseId).Any(member => member.Id == run.OwnerId));
}
