using System.Text;

namespace Pneumothorax.Lab.Web.Classroom;

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

    private static async Task<IResult> CsvAsync(SignedInViewer by, ClassReader reader, CancellationToken cancellationToken)
    {
        var work = await reader.ReadAsync(by.Viewer, cancellationToken);
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
        int memberId, SignedInViewer by, ClassReader reader, StudentArchive archive, CancellationToken cancellationToken)
    {
        var work = await reader.ReadAsync(by.Viewer, cancellationToken);
        return work.Students.FirstOrDefault(student => student.Id == memberId) is { } student
            ? Results.Stream(await archive.PackAsync(student, cancellationToken), "application/zip", FileName(student))
            : Results.NotFound();
    }

    /// <returns>"student-12-mira-k.zip": letters that every disk takes, and the number for names without any.</returns>
    private static string FileName(StudentWork student)
    {
        var letters = string.Concat(student.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' '));
        var name = string.Join('-', letters.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return FormattableString.Invariant($"student-{student.Id}{(name.Length > 0 ? "-" : "")}{name}.zip");
    }
}
