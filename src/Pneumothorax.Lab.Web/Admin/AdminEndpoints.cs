using System.Globalization;
using System.Text;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.UrlState;

namespace Pneumothorax.Lab.Web.Admin;

/// <summary>What the instructor takes home: the audit trail as CSV, a course's students as a ZIP. For everybody else there is nothing here.</summary>
internal static class AdminEndpoints
{
    public static string StudentsAddress(int courseId) => string.Create(CultureInfo.InvariantCulture, $"/courses/{courseId}/students.zip");

    public static void MapAdmin(this WebApplication app)
    {
        var downloads = app.MapGroup("").ExcludeFromDescription().AddEndpointFilter(async (invocation, next) =>
            invocation.HttpContext.User.ToViewer() is { IsInstructor: true } ? await next(invocation) : Results.NotFound());
        downloads.MapGet(AuditUrlState.Csv, CsvAsync);
        downloads.MapGet("/courses/{courseId:int}/students.zip", StudentsAsync);
    }

    private static async Task<IResult> CsvAsync(
        int? by, int? about, string? kind, string? from, string? to, SignedInViewer viewer, Audit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var rows = await audit.ListAsync(AuditUrlState.Filter(by, about, kind, from, to, clock.LocalTimeZone), cancellationToken: cancellationToken);
        await audit.RecordAsync(viewer.Viewer, AuditKind.AuditExported, detail: string.Create(CultureInfo.InvariantCulture, $"{rows.Count} rows"), cancellationToken: cancellationToken);
        return Results.Stream(
            async stream =>
            {
                await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
                await writer.WriteAsync(Csv.Line(["number", "time (UTC)", "who", "what", "on", "whose", "detail", "from address"]));
                foreach (var (entry, actor, about) in rows)
                {
                    await writer.WriteAsync(Csv.Line(
                    [
                        entry.Id.ToString(CultureInfo.InvariantCulture),
                        entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                        AuditText.Of(entry.ActorId, actor), AuditText.Of(entry.Kind), entry.Subject ?? "",
                        entry.MemberId is null ? "" : AuditText.Of(entry.MemberId, about), entry.Detail, entry.Address ?? "",
                    ]));
                }
            },
            "text/csv; charset=utf-8", $"audit-{clock.GetUtcNow():yyyy-MM-dd}.csv");
    }

    private static async Task<IResult> StudentsAsync(
        int courseId, SignedInViewer by, CourseStore courses, ClassReader reader, StudentArchive archive, Audit audit, CancellationToken cancellationToken)
    {
        var list = await courses.ListAsync(cancellationToken);
        if (list.FirstOrDefault(course => course.Id == courseId) is not { } course) return Results.NotFound();

        var work = await reader.ReadAsync(by.Viewer, ClassScope.Of(list, courses.Today, course.Id, null), cancellationToken);
        await audit.RecordAsync(
            by.Viewer, AuditKind.ClassExported, $"course {courseId}", detail: $"everything of {work.Students.Count} students as a ZIP", cancellationToken: cancellationToken);
        return Results.Stream(
            stream => archive.WriteAsync(work.Students, stream, CancellationToken.None), "application/zip",
            string.Create(CultureInfo.InvariantCulture, $"course-{courseId}-{work.Now:yyyy-MM-dd}.zip"));
    }
}
