using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Json;

namespace Pneumothorax.Lab.Classroom.Progress;

/// <summary>All that belongs to one student, as a ZIP of JSON: what a student may ask for, and what staff keep before they erase a student, the student's own pictures aside.</summary>
public sealed class StudentArchive(AttemptStore attempts, RunStore runs, OwnImageStore images)
{
    private const string ReadMe = """
        The work of one student in the Pneumothorax Lab. Teaching only, not for diagnosis.

        student.json    name, when they joined and were last seen, their place in the guide, their current model
        attempts.json   every try at every task, oldest first
        answers.json    their answers in words
        comments.json   what the instructor wrote to them
        pins.json       views saved as evidence: addresses within the portal
        runs.json       their runs as the portal lists them, with every attempt: when, on which host, and how it ended
        runs/N/         run.json (settings and seed), metrics.jsonl (all points), log.txt
                        A run can be repeated from its run.json; weights and evaluation stay in the portal.

        """;

    private const string OwnImages = """
        images/         pictures that they uploaded, in grey and without file names, each with the answers of models.
                        Nobody else can see them: exports by instructors and assistants do not contain them.

        """;

    /// <summary>One student, into whatever stream: it is written as it is read, and nothing is kept on the way.</summary>
    /// <param name="withImages">The pictures that the student brought. Nobody but the student may have them.</param>
    public async Task WriteAsync(StudentWork student, bool withImages, Stream stream, CancellationToken cancellationToken)
    {
        await using var written = new DeferredWriteStream(stream);
        using (var zip = new ZipArchive(written, ZipArchiveMode.Create, leaveOpen: true))
        {
            await AddReadMeAsync(zip, withImages, cancellationToken);
            await AddAsync(zip, "", student, withImages, cancellationToken);
        }
        await written.FlushAsync(cancellationToken);
    }

    /// <summary>A whole course, a folder a student, without the pictures that students brought.</summary>
    public async Task WriteAsync(IReadOnlyList<StudentWork> students, Stream stream, CancellationToken cancellationToken)
    {
        await using var written = new DeferredWriteStream(stream);
        using (var zip = new ZipArchive(written, ZipArchiveMode.Create, leaveOpen: true))
        {
            await AddReadMeAsync(zip, withImages: false, cancellationToken);
            foreach (var student in students)
            {
                await AddAsync(zip, NameOf(student) + "/", student, withImages: false, cancellationToken);
                await written.FlushAsync(cancellationToken);
            }
        }
        await written.FlushAsync(cancellationToken);
    }

    /// <returns>"student-12-mira-k": letters that every disk takes, and the number for names without any.</returns>
    public static string NameOf(StudentWork student)
    {
        var letters = string.Concat(student.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' '));
        var name = string.Join('-', letters.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return FormattableString.Invariant($"student-{student.Id}{(name.Length > 0 ? "-" : "")}{name}");
    }

    private static async Task AddReadMeAsync(ZipArchive zip, bool withImages, CancellationToken cancellationToken)
    {
        await using var entry = zip.CreateEntry("README.txt").Open();
        await entry.WriteAsync(Encoding.UTF8.GetBytes(withImages ? ReadMe + OwnImages : ReadMe), cancellationToken);
    }

    /// <param name="within">The student's folder, with a slash at its end; empty for the top.</param>
    private async Task AddAsync(ZipArchive zip, string within, StudentWork student, bool withImages, CancellationToken cancellationToken)
    {
        var member = student.Member;
        await WriteAsync("student.json", new { member.Id, member.Name, member.JoinedAt, student.SeenAt, member.Place, member.CurrentRunId });
        await WriteAsync("attempts.json", (await attempts.ListAsync(student.Id, cancellationToken))
            .Select(attempt => new { attempt.Task, attempt.Answer, attempt.About, attempt.IsCorrect, attempt.At }));
        await WriteAsync("answers.json", student.Answers.Values.Select(answer => new { answer.Question, answer.Text, answer.UpdatedAt }));
        await WriteAsync("comments.json", student.Comments.SelectMany(comments => comments).OrderBy(comment => comment.Id)
            .Select(comment => new { comment.Question, comment.Text, comment.At }));
        await WriteAsync("pins.json", student.Pins.SelectMany(pins => pins).OrderBy(pin => pin.Id)
            .Select(pin => new { pin.Question, pin.Title, pin.Address, pin.Picture, pin.Note, pin.At }));
        foreach (var (path, name) in withImages ? images.Files(student.Id) : []) await CopyAsync(path, $"images/{name}");
        var starts = await runs.AttemptsAsync(student.Runs, cancellationToken);
        await WriteAsync("runs.json", student.Runs.Select(run => RunJson.Of(run) with { Attempts = [.. starts[run.Id].Select(AttemptJson.Of)] }));
        foreach (var run in student.Runs)
        {
            var folder = runs.FolderOf(run);
            foreach (var path in (string[])[folder.SpecPath, folder.MetricsPath, folder.LogPath]) await CopyAsync(path, $"runs/{run.Id}/{Path.GetFileName(path)}");
        }

        async Task WriteAsync<T>(string name, T content)
        {
            await using var entry = zip.CreateEntry(within + name).Open();
            await JsonSerializer.SerializeAsync(entry, content, LabJson.Document, cancellationToken);
        }

        async Task CopyAsync(string path, string name)
        {
            // A waiting run has no folder yet; one that trains is being written to.
            if (!File.Exists(path)) return;
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var entry = zip.CreateEntry(within + name).Open();
            await file.CopyToAsync(entry, cancellationToken);
        }
    }
}
