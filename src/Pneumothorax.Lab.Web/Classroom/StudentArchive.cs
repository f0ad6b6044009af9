using System.IO.Compression;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Coursework;
using Pneumothorax.Lab.Runs.OwnImages;
using Pneumothorax.Lab.Web.Training;

namespace Pneumothorax.Lab.Web.Classroom;

/// <summary>All that belongs to one student, as a ZIP of JSON: what a student may ask for, and what one keeps before erasing him.</summary>
public sealed class StudentArchive(AttemptStore attempts, RunStore runs, OwnImageStore images)
{
    private const string ReadMe = """
        What one student did in the Pneumothorax Lab. Teaching only, not for diagnosis.

        student.json    name, when he joined and was seen, his place in the guide, the run he works with
        attempts.json   every try at every task, oldest first
        answers.json    his answers in words
        comments.json   what the instructor wrote to him
        pins.json       views that he kept as evidence: addresses within the portal
        runs.json       his runs as the portal lists them
        images/         pictures that he brought, grey and without their file names, each with what models said of it
        runs/N/         run.json (settings and seed), metrics.jsonl (all points), log.txt
                        A run can be repeated from its run.json; weights and evaluation stay in the portal.

        """;

    /// <returns>The archive, ready to be read; closing it deletes it. A file, for ZIP entries are closed synchronously, which a response refuses.</returns>
    public async Task<Stream> PackAsync(StudentWork student, CancellationToken cancellationToken)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"lab-{Guid.NewGuid():N}.zip"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
        try
        {
            await WriteAsync(student, file, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private async Task WriteAsync(StudentWork student, Stream stream, CancellationToken cancellationToken)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (var readMe = new StreamWriter(zip.CreateEntry("README.txt").Open())) await readMe.WriteAsync(ReadMe.AsMemory(), cancellationToken);
        var member = student.Member;
        await AddAsync("student.json", new { member.Id, member.Name, member.JoinedAt, student.SeenAt, member.Place, member.CurrentRunId });
        await AddAsync("attempts.json", (await attempts.ListAsync(student.Id, cancellationToken))
            .Select(attempt => new { attempt.Task, attempt.Answer, attempt.About, attempt.IsCorrect, attempt.At }));
        await AddAsync("answers.json", student.Answers.Values.Select(answer => new { answer.Question, answer.Text, answer.UpdatedAt }));
        await AddAsync("comments.json", student.Comments.SelectMany(comments => comments).OrderBy(comment => comment.Id)
            .Select(comment => new { comment.Question, comment.Text, comment.At }));
        await AddAsync("pins.json", student.Pins.SelectMany(pins => pins).OrderBy(pin => pin.Id)
            .Select(pin => new { pin.Question, pin.Title, pin.Address, pin.Picture, pin.Note, pin.At }));
        foreach (var (path, name) in images.Files(student.Id)) await CopyAsync(path, $"images/{name}");
        await AddAsync("runs.json", student.Runs.Select(RunJson.Of));
        foreach (var run in student.Runs)
        {
            var folder = runs.FolderOf(run);
            foreach (var path in (string[])[folder.SpecPath, folder.MetricsPath, folder.LogPath]) await CopyAsync(path, $"runs/{run.Id}/{Path.GetFileName(path)}");
        }

        async Task AddAsync<T>(string name, T content)
        {
            await using var entry = zip.CreateEntry(name).Open();
            await JsonSerializer.SerializeAsync(entry, content, LabJson.Document, cancellationToken);
        }

        async Task CopyAsync(string path, string name)
        {
            // A waiting run has no folder yet; one that trains is being written to.
            if (!File.Exists(path)) return;
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var entry = zip.CreateEntry(name).Open();
            await file.CopyToAsync(entry, cancellationToken);
        }
    }
}
