using System.Text;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.Class;

/// <summary>What the instructor and the assistants take home: the class as CSV, one student as a ZIP. For everybody else there is nothing here.</summary>
internal static class ClassEndpoints
{
    public const string CsvAddress = "/class/progress.csv";

    public static string ArchiveAddress(int memberId) => FormattableString.Invariant($"/class/{memberId}/student.zip");

    public static void MapClassDownloads(this WebApplication app)
    {
        var downloads = app.MapGroup("/class").ExcludeFromDescription().AddEndpointFilter(async (invocation, next) =>
            invocation.HttpContext.User.ToViewer() is { IsStaff: true } ? await next(invocation) : Results.NotFound());
        downloads.MapGet("/progress.csv", CsvAsync);
        downloads.MapGet("/{memberId:int}/student.zip", ArchiveAsync);
    }

    private static async Task<IResult> CsvAsync(
        int? course, int? section, SignedInViewer by, CourseStore courses, ClassReader reader, Audit audit, CancellationToken cancellationToken)
    {
        var scope = ClassScope.Of(await courses.ListAsync(cancellationToken), courses.Today, course, section);
        var work = await reader.ReadAsync(by.Viewer, scope, cancellationToken);
        await audit.RecordAsync(
            by.Viewer, AuditKind.ClassExported, scope.Query.Length > 0 ? scope.Query.Replace('=', ' ') : null, detail: $"progress of {work.Students.Count} students as CSV", cancellationToken: cancellationToken);
        return Results.Stream(
            async stream =>
            {
                // With a byte order mark: without it Excel takes the letters for the country's own.
                await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
                foreach (var line in ProgressCsv.Lines(work)) await writer.WriteAsync(line);
            },
            "text/csv; charset=utf-8", FormattableString.Invariant($"class-progress-{work.Now:yyyy-MM-dd}.csv"));
    }

    private static async Task<IResult> ArchiveAsync(
        int memberId, SignedInViewer by, ClassReader reader, StudentArchive archive, Audit audit, CancellationToken cancellationToken)
    {
        var work = await reader.ReadAsync(by.Viewer, cancellationToken: cancellationToken);
        if (work.Students.FirstOrDefault(student => student.Id == memberId) is not { } student) return Results.NotFound();

        await audit.RecordAsync(by.Viewer, AuditKind.StudentExported, $"student {memberId}", memberId, cancellationToken: cancellationToken);
        return Results.Stream(stream => archive.WriteAsync(student, withImages: false, stream, cancellationToken), "application/zip", StudentArchive.NameOf(student) + ".zip");
    }
}
