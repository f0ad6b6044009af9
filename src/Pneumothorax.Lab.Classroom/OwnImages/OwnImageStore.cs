using System.Globalization;
using System.Text.Json;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Classroom.OwnImages;

/// <summary>
/// The pictures that members brought, as files: <c>uploads/MEMBER/ID/</c> with <c>image.png</c> (grey, 256 x 256, without metadata),
/// <c>image.json</c>, and <c>run-N.json</c> for each run that was asked. A member's pictures are nobody else's: every call names them.
/// </summary>
public sealed class OwnImageStore(LabPaths paths)
{
    private const string Description = "image.json";
    private const string Picture = "image.png";

    /// <returns>The newest first.</returns>
    public IReadOnlyList<OwnImage> List(int memberId)
    {
        var folder = FolderOf(memberId);
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateDirectories(folder).Select(Read).OfType<OwnImage>().OrderByDescending(image => image.AddedAt)];
    }

    public OwnImage? Find(int memberId, Guid id) => Read(FolderOf(memberId, id));

    /// <returns>Where the grey picture lies.</returns>
    public string PicturePath(int memberId, Guid id) => Path.Combine(FolderOf(memberId, id), Picture);

    /// <returns>What a run said about the picture; null if it was not asked, or has another best checkpoint now.</returns>
    /// <param name="checkpointStep">Of the run's best checkpoint.</param>
    public ImageAnswer? FindAnswer(int memberId, Guid id, int runId, int checkpointStep)
    {
        var answer = ReadJson<ImageAnswer>(AnswerPath(memberId, id, runId));
        return answer?.CheckpointStep == checkpointStep ? answer : null;
    }

    /// <summary>Every file of a member's pictures, with its path from their folder on.</summary>
    public IEnumerable<(string Path, string Name)> Files(int memberId)
    {
        var folder = FolderOf(memberId);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(path => (path, Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')))
            : [];
    }

    /// <returns>False when there is no such picture.</returns>
    public bool Delete(int memberId, Guid id)
    {
        try { Directory.Delete(FolderOf(memberId, id), recursive: true); }
        catch (DirectoryNotFoundException) { return false; }
        return true;
    }

    /// <returns>Bytes of all that is kept of a member's pictures.</returns>
    internal long BytesOf(int memberId) => RunBytes.Size(new DirectoryInfo(FolderOf(memberId)));

    internal string FolderOf(int memberId) => Path.Combine(paths.Uploads, memberId.ToString(CultureInfo.InvariantCulture));

    internal void Save(int memberId, OwnImage image, byte[] picture, IEnumerable<(int RunId, ImageAnswer Answer)> answers)
    {
        // Under another name until it is whole: what is listed is complete.
        var folder = FolderOf(memberId, image.Id);
        var incoming = folder + ".part";
        Directory.CreateDirectory(incoming);
        try
        {
            File.WriteAllBytes(Path.Combine(incoming, Picture), picture);
            foreach (var (runId, answer) in answers) WriteJson(Path.Combine(incoming, AnswerName(runId)), answer);
            WriteJson(Path.Combine(incoming, Description), image);
            Directory.Move(incoming, folder);
        }
        catch
        {
            Directory.Delete(incoming, recursive: true);
            throw;
        }
    }

    internal void SaveAnswer(int memberId, Guid id, int runId, ImageAnswer answer)
    {
        var path = AnswerPath(memberId, id, runId);
        try { AtomicFile.Write(path, temporary => WriteJson(temporary, answer), hasRivals: true); }
        catch (DirectoryNotFoundException)
        {
            // The picture was deleted meanwhile; its answer goes with it.
        }
    }

    private string FolderOf(int memberId, Guid id) => Path.Combine(FolderOf(memberId), id.ToString("N"));

    private string AnswerPath(int memberId, Guid id, int runId) => Path.Combine(FolderOf(memberId, id), AnswerName(runId));

    private static string AnswerName(int runId) => FormattableString.Invariant($"run-{runId}.json");

    private static OwnImage? Read(string folder) => folder.EndsWith(".part", StringComparison.Ordinal) ? null : ReadJson<OwnImage>(Path.Combine(folder, Description));

    private static T? ReadJson<T>(string path) where T : class
    {
        try { return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), LabJson.Line); }
        // Not there, or deleted or damaged: such a picture does not exist.
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException) { return null; }
    }

    private static void WriteJson<T>(string path, T content) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(content, LabJson.Line));
}
