using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Classroom.Courses;

/// <summary>Courses and their sections: who may join when, and by which code. Every change is in the audit trail.</summary>
public sealed class CourseStore(IDbContextFactory<LabDbContext> contexts, Audit audit, TimeProvider clock)
{
    /// <summary>Where the portal runs.</summary>
    public DateOnly Today => DateOnly.FromDateTime(clock.GetLocalNow().DateTime);

    /// <returns>The oldest course first, with its sections.</returns>
    public async Task<IReadOnlyList<Course>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Courses.AsNoTracking().Include(course => course.Sections.OrderBy(section => section.Id)).OrderBy(course => course.Id).ToListAsync(cancellationToken);
    }

    /// <returns>The section with this code, and its course; null for a code of no section.</returns>
    public async Task<Section?> FindSectionAsync(string? code, CancellationToken cancellationToken = default)
    {
        var hash = JoinCode.HashOf(code ?? "");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Sections.AsNoTracking().Include(section => section.Course).SingleOrDefaultAsync(section => section.CodeHash == hash, cancellationToken);
    }

    public async Task<Section> DefaultSectionAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Sections.AsNoTracking().SingleAsync(section => section.IsDefault, cancellationToken);
    }

    /// <summary>Before the first request: makes the default course, and the class code that the host has set its code.</summary>
    /// <param name="isSet">The host has set the code: it counts at every start, whatever the instructor made of it since.</param>
    /// <returns>False when another section has this code already.</returns>
    public Task<bool> SetUpAsync(string code, bool isSet, CancellationToken cancellationToken = default)
    {
        var hash = JoinCode.HashOf(code);
        return contexts.WriteAsync(async db =>
        {
            var section = await db.Sections.SingleOrDefaultAsync(section => section.IsDefault, cancellationToken);
            if (section is null)
            {
                var course = new Course { Name = "Pneumothorax Lab", CreatedAt = clock.GetUtcNow() };
                course.Sections.Add(new() { Name = "Section 1", Code = code, CodeHash = hash, IsDefault = true });
                db.Courses.Add(course);
            }
            else if (isSet)
            {
                if (await db.Sections.AnyAsync(other => other.CodeHash == hash && !other.IsDefault, cancellationToken)) return false;
                (section.Code, section.CodeHash) = (code, hash);
            }
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }, cancellationToken);
    }

    /// <summary>A new course, with one section.</summary>
    /// <exception cref="RequestRefusedException">The name is empty or too long, or the days are in the wrong order.</exception>
    public Task<Course> CreateAsync(string name, DateOnly? firstDay, DateOnly? lastDay, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            CheckDays(firstDay, lastDay);
            var course = new Course
            {
                Name = Checked(name, Course.NameLength, "course"),
                FirstDay = firstDay,
                LastDay = lastDay,
                CreatedAt = clock.GetUtcNow(),
            };
            course.Sections.Add(await NewSectionAsync(db, 0, "Section 1", cancellationToken));
            db.Courses.Add(course);
            await db.SaveChangesAsync(cancellationToken);
            db.Audit.Add(audit.Entry(by, AuditKind.CourseCreated, Named(course), detail: Days(course)));
            return course;
        }, cancellationToken);

    /// <exception cref="RequestRefusedException">The name is empty or too long, the days are in the wrong order, or the course is gone.</exception>
    public Task<Course> ChangeAsync(int courseId, string name, DateOnly? firstDay, DateOnly? lastDay, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            CheckDays(firstDay, lastDay);
            var course = await CourseAsync(db, courseId, cancellationToken);
            var before = (course.Name, course.FirstDay, course.LastDay);
            (course.Name, course.FirstDay, course.LastDay) = (Checked(name, Course.NameLength, "course"), firstDay, lastDay);
            if (before != (course.Name, course.FirstDay, course.LastDay))
                db.Audit.Add(audit.Entry(by, AuditKind.CourseChanged, Named(course), detail: $"{course.Name}, {Days(course)}"));
            return course;
        }, cancellationToken);

    /// <summary>Chooses which data sets the students of a course are offered.</summary>
    /// <param name="names">Null for all that are offered, also those still to come.</param>
    /// <exception cref="RequestRefusedException">None is chosen, or the course is gone.</exception>
    public Task<Course> ChooseDatasetsAsync(int courseId, IReadOnlyList<string>? names, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            if (names is { Count: 0 }) throw new RequestRefusedException("A course needs at least one data set. Choose one, or offer all.");
            var course = await CourseAsync(db, courseId, cancellationToken);
            course.Datasets = names is null ? null : [.. names.Distinct().Order(StringComparer.Ordinal)];
            db.Audit.Add(audit.Entry(by, AuditKind.CourseChanged, Named(course), detail: $"data sets: {(names is null ? "all" : string.Join(", ", course.Datasets!))}"));
            return course;
        }, cancellationToken);

    /// <summary>Ends a course now, or takes that back. Its days stay as they are.</summary>
    /// <exception cref="RequestRefusedException">The course is gone.</exception>
    public Task<Course> CloseAsync(int courseId, bool close, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            var course = await CourseAsync(db, courseId, cancellationToken);
            if (course.ClosedAt is not null == close) return course;
            course.ClosedAt = close ? clock.GetUtcNow() : null;
            db.Audit.Add(audit.Entry(by, close ? AuditKind.CourseClosed : AuditKind.CourseReopened, Named(course)));
            return course;
        }, cancellationToken);

    /// <exception cref="RequestRefusedException">The name is empty, too long or taken in this course, or the course is gone.</exception>
    public Task<Section> AddSectionAsync(int courseId, string name, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            var course = await CourseAsync(db, courseId, cancellationToken);
            await CheckFreeAsync(db, courseId, 0, name, cancellationToken);
            var section = await NewSectionAsync(db, courseId, name, cancellationToken);
            db.Sections.Add(section);
            await db.SaveChangesAsync(cancellationToken);
            db.Audit.Add(audit.Entry(by, AuditKind.SectionCreated, Named(section), detail: $"{section.Name} of {Named(course)}"));
            return section;
        }, cancellationToken);

    /// <exception cref="RequestRefusedException">The name is empty, too long or taken in this course, or the section is gone.</exception>
    public Task<Section> RenameSectionAsync(int sectionId, string name, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            var section = await SectionAsync(db, sectionId, cancellationToken);
            await CheckFreeAsync(db, section.CourseId, sectionId, name, cancellationToken);
            var before = section.Name;
            section.Name = Checked(name, Section.NameLength, "section");
            if (section.Name != before) db.Audit.Add(audit.Entry(by, AuditKind.SectionChanged, Named(section), detail: section.Name));
            return section;
        }, cancellationToken);

    /// <summary>From now on another code joins this section. Whoever is in it stays.</summary>
    /// <exception cref="RequestRefusedException">The section is gone.</exception>
    public Task<Section> RenewCodeAsync(int sectionId, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            var section = await SectionAsync(db, sectionId, cancellationToken);
            (section.Code, section.CodeHash) = await NewCodeAsync(db, cancellationToken);
            db.Audit.Add(audit.Entry(by, AuditKind.CodeRenewed, Named(section)));
            return section;
        }, cancellationToken);

    /// <exception cref="RequestRefusedException">Somebody is in it, it is the default one or the last one of its course, or it is gone.</exception>
    public Task<Section> RemoveSectionAsync(int sectionId, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            var section = await SectionAsync(db, sectionId, cancellationToken);
            if (section.IsDefault) throw new RequestRefusedException("The first section cannot be removed: it has the class code that the portal prints.");
            if (await db.Members.AnyAsync(member => member.SectionId == sectionId, cancellationToken))
                throw new RequestRefusedException("There are still students in this section. Move them first.");
            if (!await db.Sections.AnyAsync(other => other.CourseId == section.CourseId && other.Id != sectionId, cancellationToken))
                throw new RequestRefusedException("A course needs at least one section. Remove the course instead.");
            db.Sections.Remove(section);
            db.Audit.Add(audit.Entry(by, AuditKind.SectionRemoved, Named(section), detail: section.Name));
            return section;
        }, cancellationToken);

    /// <exception cref="RequestRefusedException">Somebody is in it, it is the default one, or it is gone.</exception>
    public Task<Course> RemoveAsync(int courseId, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            var course = await CourseAsync(db, courseId, cancellationToken);
            if (await db.Sections.AnyAsync(section => section.CourseId == courseId && section.IsDefault, cancellationToken))
                throw new RequestRefusedException("The first course cannot be removed: it has the class code that the portal prints.");
            if (await db.Members.AnyAsync(member => db.Sections.Any(section => section.CourseId == courseId && section.Id == member.SectionId), cancellationToken))
                throw new RequestRefusedException("There are still students in this course. Erase or move them first.");
            db.Courses.Remove(course);
            db.Audit.Add(audit.Entry(by, AuditKind.CourseRemoved, Named(course), detail: course.Name));
            return course;
        }, cancellationToken);

    /// <summary>Puts a student into another section.</summary>
    /// <exception cref="RequestRefusedException">The student or the section is gone, or it is not a student.</exception>
    public Task<Section> MoveAsync(int memberId, int sectionId, Viewer by, CancellationToken cancellationToken = default) =>
        ChangeAsync(by, async db =>
        {
            var section = await SectionAsync(db, sectionId, cancellationToken);
            var moved = await db.Members.Where(member => member.Id == memberId && member.Role == MemberRole.Student)
                .ExecuteUpdateAsync(set => set.SetProperty(member => member.SectionId, sectionId), cancellationToken);
            if (moved == 0) throw new RequestRefusedException("There is no such student in this lab.");
            db.Audit.Add(audit.Entry(by, AuditKind.StudentMoved, Named(section), memberId));
            return section;
        }, cancellationToken);

    private Task<T> ChangeAsync<T>(Viewer by, Func<LabDbContext, Task<T>> change, CancellationToken cancellationToken) =>
        by.IsInstructor
            ? contexts.WriteAsync(async db =>
            {
                var changed = await change(db);
                await db.SaveChangesAsync(cancellationToken);
                return changed;
            }, cancellationToken)
            : throw new RequestRefusedException("Only an instructor can change courses.");

    private static async Task<Course> CourseAsync(LabDbContext db, int id, CancellationToken cancellationToken) =>
        await db.Courses.SingleOrDefaultAsync(course => course.Id == id, cancellationToken) ?? throw new RequestRefusedException($"There is no course {id}.");

    private static async Task<Section> SectionAsync(LabDbContext db, int id, CancellationToken cancellationToken) =>
        await db.Sections.SingleOrDefaultAsync(section => section.Id == id, cancellationToken) ?? throw new RequestRefusedException($"There is no section {id}.");

    private static async Task<Section> NewSectionAsync(LabDbContext db, int courseId, string name, CancellationToken cancellationToken)
    {
        var (code, hash) = await NewCodeAsync(db, cancellationToken);
        return new() { CourseId = courseId, Name = Checked(name, Section.NameLength, "section"), Code = code, CodeHash = hash };
    }

    private static async Task<(string Code, string Hash)> NewCodeAsync(LabDbContext db, CancellationToken cancellationToken)
    {
        while (true)
        {
            var code = JoinCode.New();
            var hash = JoinCode.HashOf(code);
            if (!await db.Sections.AnyAsync(section => section.CodeHash == hash, cancellationToken)) return (code, hash);
        }
    }

    private static async Task CheckFreeAsync(LabDbContext db, int courseId, int sectionId, string name, CancellationToken cancellationToken)
    {
        var (wanted, key) = (InputText.Seen(name.Trim()), NameKey.Of(name.Trim()));
        var others = await db.Sections.Where(section => section.CourseId == courseId && section.Id != sectionId).Select(section => section.Name).ToListAsync(cancellationToken);
        if (others.Find(other => NameKey.Of(other) == key) is { } taken)
            throw new RequestRefusedException($"This course already has a section \"{taken}\"{(string.Equals(taken, wanted, StringComparison.OrdinalIgnoreCase) ? "" : ", which looks the same")}.");
    }

    private static string Checked(string name, int most, string what)
    {
        if (InputText.Fault(name) is { } fault) throw new RequestRefusedException($"The name of the {what} {fault}");
        var trimmed = InputText.Seen(name.Trim());
        return trimmed.Length > 0 && InputText.IsLine(trimmed, most)
            ? trimmed
            : throw new RequestRefusedException($"The name of a {what} must be one line of 1 to {most} characters.");
    }

    private static void CheckDays(DateOnly? firstDay, DateOnly? lastDay)
    {
        if (lastDay < firstDay) throw new RequestRefusedException("The last day of a course cannot be before its first.");
    }

    private static string Named(Course course) => FormattableString.Invariant($"course {course.Id}");

    private static string Named(Section section) => FormattableString.Invariant($"section {section.Id}");

    private static string Days(Course course) => FormattableString.Invariant($"{Day(course.FirstDay)} to {Day(course.LastDay)}");

    private static string Day(DateOnly? day) => day is { } set ? FormattableString.Invariant($"{set:yyyy-MM-dd}") : "open";
}
