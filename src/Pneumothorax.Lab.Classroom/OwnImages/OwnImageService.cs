using System.Threading.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.OwnImages;

/// <summary>What a member does with pictures of their own: brings them, has models asked about them, deletes them.</summary>
public sealed class OwnImageService(
    OwnImageStore store, UntrustedImageReader reader, OwnImageLimits limits, RunStore runs, IDbContextFactory<LabDbContext> contexts, TimeProvider clock) : IDisposable
{
    private const string TemporaryPrefix = "lab-upload-";

    /// <summary>Of files that a portal which ended in the middle left behind.</summary>
    private static readonly TimeSpan s_oldest = TimeSpan.FromMinutes(30);

    private readonly PartitionedRateLimiter<int> _rate = PartitionedRateLimiter.Create<int, int>(member => RateLimitPartition.GetSlidingWindowLimiter(
        member, _ => new() { PermitLimit = limits.PerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 }));

    public void Dispose() => _rate.Dispose();

    /// <summary>Reads a picture and asks models about it. Of what came, only the grey picture and the answers are kept.</summary>
    /// <param name="bytes">Of a stranger's making, perhaps without end.</param>
    /// <param name="asked">Runs that the viewer may see.</param>
    /// <exception cref="RequestRefusedException">It is no picture that is read here, too large, one too many, or a run cannot be asked.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public async Task<OwnImage> AddAsync(Viewer viewer, Stream bytes, IReadOnlyList<Run> asked, CancellationToken cancellationToken = default)
    {
        var memberId = IdOf(viewer);
        using (var lease = _rate.AttemptAcquire(memberId))
        {
            if (!lease.IsAcquired) throw new RequestRefusedException($"You can upload at most {limits.PerMinute} pictures a minute. Wait a little, then try again.") { MayPassLater = true };
        }
        if (store.List(memberId).Count >= limits.Images)
            throw new RequestRefusedException($"You already have {limits.Images} pictures, which is the limit. Delete one first.") { MayPassLater = true };
        var folders = asked.Select(FolderToAsk).ToList();

        Sweep();
        var temporary = Path.Combine(Path.GetTempPath(), TemporaryPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            await ReceiveAsync(bytes, temporary, cancellationToken);
            var answered = await reader.ReadAsync(memberId, temporary, folders, cancellationToken);
            var image = new OwnImage(Guid.NewGuid(), clock.GetUtcNow(), answered.Kind, answered.Width, answered.Height, answered.Warnings);
            store.Save(memberId, image, answered.Picture, asked.Select(run => run.Id).Zip(answered.Answers));
            await CheckStillHereAsync(memberId, image.Id, cancellationToken);
            return image;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <returns>What a run says about a picture, computed if it was not asked before; null when there is no such picture.</returns>
    /// <exception cref="RequestRefusedException">The run cannot be asked.</exception>
    public async Task<ImageAnswer?> AnswerAsync(Viewer viewer, Guid id, Run run, CancellationToken cancellationToken = default)
    {
        var memberId = IdOf(viewer);
        if (store.Find(memberId, id) is null) return null;
        if (FindAnswer(viewer, id, run) is { } known) return known;

        var answered = await reader.ReadAsync(memberId, store.PicturePath(memberId, id), [FolderToAsk(run)], cancellationToken);
        store.SaveAnswer(memberId, id, run.Id, answered.Answers[0]);
        return answered.Answers[0];
    }

    /// <returns>What a run has said about a picture already; null if it has to be asked.</returns>
    /// <exception cref="RequestRefusedException">The run cannot be asked.</exception>
    public ImageAnswer? FindAnswer(Viewer viewer, Guid id, Run run)
    {
        var folder = FolderToAsk(run);
        try { return store.FindAnswer(IdOf(viewer), id, run.Id, folder.BestCheckpointStep()); }
        catch (InvalidDataException exception) { throw new RequestRefusedException($"Run {run.Id} cannot be asked: {exception.Message}"); }
    }

    /// <returns>The newest first; none for somebody who is no member.</returns>
    public IReadOnlyList<OwnImage> List(Viewer viewer) => viewer.MemberId is { } id ? store.List(id) : [];

    public OwnImage? Find(Viewer viewer, Guid id) => viewer.MemberId is { } member ? store.Find(member, id) : null;

    /// <returns>False when there is no such picture of this member's.</returns>
    public bool Delete(Viewer viewer, Guid id) => viewer.MemberId is { } member && store.Delete(member, id);

    private static int IdOf(Viewer viewer) => viewer.MemberId ?? throw new RequestRefusedException("Join the class to upload pictures of your own.");

    private RunFolder FolderToAsk(Run run) => run.IsOver && runs.FolderOf(run) is { HasEvaluation: true } folder
        ? folder
        : throw new RequestRefusedException($"Run {run.Id} has no evaluation yet. It can be used once it has finished.") { MayPassLater = true };

    private async Task ReceiveAsync(Stream bytes, string path, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        var buffer = new byte[1 << 16];
        long length = 0;
        while (await bytes.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            length += count;
            if (length > limits.Bytes) throw new RequestRefusedException($"The file is larger than {limits.Megabytes} MB, which is the limit.");
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }

    /// <summary>A student who is erased while their picture is read leaves none.</summary>
    private async Task CheckStillHereAsync(int memberId, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Members.AnyAsync(member => member.Id == memberId, cancellationToken)) return;
        store.Delete(memberId, id);
        throw new RequestRefusedException("You are no longer in the class.");
    }

    private void Sweep()
    {
        var oldest = clock.GetUtcNow().UtcDateTime - s_oldest;
        foreach (var left in Directory.EnumerateFiles(Path.GetTempPath(), TemporaryPrefix + "*").Where(path => File.GetLastWriteTimeUtc(path) < oldest))
        {
            try { File.Delete(left); }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }      // another portal's
        }
    }
}
