using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>Where to move a run in the queue.</summary>
public enum Move
{
    Up,
    Down,
    Front,
}

/// <summary>What the instructor does to the queue and its hosts. Rows are written; every portal and worker goes by them within seconds.
/// Each deed is recorded.</summary>
public sealed class QueueControl(IDbContextFactory<LabDbContext> contexts, Audit audit, RunFeed feed, TimeProvider clock)
{
    /// <summary>A week.</summary>
    public const int MostMinutes = 7 * 24 * 60;

    /// <summary>Nothing starts any more; what is under way goes on.</summary>
    /// <param name="reason">For the students; may be empty.</param>
    /// <exception cref="RequestRefusedException">By somebody who is no instructor, or the reason is no short line.</exception>
    public async Task PauseAsync(string? reason, Viewer by, CancellationToken cancellationToken = default)
    {
        CheckIsInstructor(by);
        var said = InputText.Seen(reason?.Trim() ?? "") is { Length: > 0 } text ? text : null;
        if (InputText.Fault(reason) is { } fault) throw new RequestRefusedException($"The reason {fault}");
        if (said is not null && !InputText.IsLine(said, QueueState.ReasonLength)) throw new RequestRefusedException($"The reason must be one line of at most {QueueState.ReasonLength} characters.");
        await contexts.WriteAsync(async db =>
        {
            var now = await db.NowAsync(clock, cancellationToken);
            return await db.Queue.ExecuteUpdateAsync(
                set => set.SetProperty(queue => queue.PausedAt, queue => queue.PausedAt ?? now).SetProperty(queue => queue.PauseReason, said), cancellationToken);
        }, cancellationToken);
        await audit.RecordAsync(by, AuditKind.QueueChanged, "queue", detail: said is null ? "paused" : $"paused: {said}", cancellationToken: cancellationToken);
    }

    /// <exception cref="RequestRefusedException">By somebody who is no instructor.</exception>
    public async Task GoOnAsync(Viewer by, CancellationToken cancellationToken = default)
    {
        CheckIsInstructor(by);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Queue.ExecuteUpdateAsync(
            set => set.SetProperty(queue => queue.PausedAt, (DateTimeOffset?)null).SetProperty(queue => queue.PauseReason, (string?)null), cancellationToken);
        await audit.RecordAsync(by, AuditKind.QueueChanged, "queue", detail: "resumed", cancellationToken: cancellationToken);
    }

    /// <summary>The host ends what it has under way and takes no new run, until it is opened.</summary>
    /// <exception cref="RequestRefusedException">By somebody who is no instructor, or there is no such host.</exception>
    public async Task DrainAsync(string host, Viewer by, CancellationToken cancellationToken = default)
    {
        CheckIsInstructor(by);
        var drained = await contexts.WriteAsync(async db =>
        {
            var now = await db.NowAsync(clock, cancellationToken);
            return await db.Hosts.Where(row => row.Name == host)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DrainedAt, row => row.DrainedAt ?? now), cancellationToken);
        }, cancellationToken);
        await RecordHostAsync(drained, host, "drained", by, cancellationToken);
    }

    /// <summary>The host takes runs again.</summary>
    /// <inheritdoc cref="DrainAsync"/>
    public async Task OpenAsync(string host, Viewer by, CancellationToken cancellationToken = default)
    {
        CheckIsInstructor(by);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var opened = await db.Hosts.Where(row => row.Name == host)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DrainedAt, (DateTimeOffset?)null), cancellationToken);
        await RecordHostAsync(opened, host, "opened", by, cancellationToken);
    }

    /// <summary>Takes a host that is gone off the list; it comes back by itself when it is started again.</summary>
    /// <inheritdoc cref="DrainAsync"/>
    public async Task ForgetAsync(string host, Viewer by, CancellationToken cancellationToken = default)
    {
        CheckIsInstructor(by);
        var forgotten = await contexts.WriteAsync(async db =>
        {
            var before = await db.NowAsync(clock, cancellationToken) - LabHost.GoneAfter;
            return await db.Hosts.Where(row => row.Name == host && (row.LeftAt != null || row.SeenAt < before)).ExecuteDeleteAsync(cancellationToken);
        }, cancellationToken);
        await RecordHostAsync(forgotten, host, "removed from the list", by, cancellationToken);
    }

    /// <summary>Moves a run in the queue. From the front to it the order stands as it is then, whatever the fair order says.</summary>
    /// <exception cref="RequestRefusedException">By somebody who is no instructor, or the run does not wait any more.</exception>
    public async Task MoveAsync(int runId, Move move, Viewer by, CancellationToken cancellationToken = default)
    {
        CheckIsInstructor(by);
        var owner = await contexts.WriteAsync(async db =>
        {
            var line = (await QueueRows.ReadAsync(db, await db.NowAsync(clock, cancellationToken), cancellationToken)).InOrder.ToList();
            var at = line.FindIndex(run => run.RunId == runId);
            if (at < 0) throw new RequestRefusedException($"Run {runId} is no longer waiting in the queue.") { MayPassLater = true };
            var moved = line[at];
            var to = move switch { Move.Up => Math.Max(0, at - 1), Move.Down => Math.Min(line.Count - 1, at + 1), _ => 0 };
            line.RemoveAt(at);
            line.Insert(to, moved);
            // What stood as the instructor's before stays so.
            var fixedUntil = Math.Max(to, line.FindLastIndex(run => run.Rank is not null));
            for (var place = 0; place <= fixedUntil; place++)
            {
                var id = line[place].RunId;
                await db.Runs.Where(run => run.Id == id && run.State == RunState.Queued).ExecuteUpdateAsync(set => set.SetProperty(run => run.Rank, place), cancellationToken);
            }
            return moved.OwnerId;
        }, cancellationToken);
        var words = move switch { Move.Up => "moved up", Move.Down => "moved down", _ => "moved to the front" };
        await audit.RecordAsync(by, AuditKind.QueueChanged, $"run {runId}", owner, words, cancellationToken);
    }

    /// <summary>Drops the instructor's own order.</summary>
    /// <exception cref="RequestRefusedException">By somebody who is no instructor.</exception>
    public async Task OrderFairlyAsync(Viewer by, CancellationToken cancellationToken = default)
    {
        CheckIsInstructor(by);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Runs.Where(run => run.Rank != null).ExecuteUpdateAsync(set => set.SetProperty(run => run.Rank, (int?)null), cancellationToken);
        await audit.RecordAsync(by, AuditKind.QueueChanged, "queue", detail: "fair order again", cancellationToken: cancellationToken);
    }

    /// <summary>Sets how long each start of one run may take, also while it is under way.</summary>
    /// <param name="minutes">0 for no limit.</param>
    /// <exception cref="RequestRefusedException">By somebody who is no instructor, or the minutes are none.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    public async Task AllowAsync(int runId, int minutes, Viewer by, CancellationToken cancellationToken = default)
    {
        CheckIsInstructor(by);
        if (minutes is < 0 or > MostMinutes) throw new RequestRefusedException($"The time limit must be 1 to {MostMinutes} minutes, or 0 for no limit.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Runs.Where(run => run.Id == runId).ExecuteUpdateAsync(set => set.SetProperty(run => run.MinutesAllowed, minutes), cancellationToken);
        var changed = await db.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.Id == runId, cancellationToken) ?? throw new RunNotFoundException(runId);
        feed.PublishState(changed);
        await audit.RecordAsync(by, AuditKind.QueueChanged, $"run {runId}", changed.OwnerId, minutes == 0 ? "no time limit" : $"{minutes} minutes allowed", cancellationToken);
    }

    private static void CheckIsInstructor(Viewer by)
    {
        if (!by.IsInstructor) throw new RequestRefusedException("Only an instructor can change the queue.");
    }

    private Task RecordHostAsync(int rows, string host, string deed, Viewer by, CancellationToken cancellationToken) => rows == 0
        ? throw new RequestRefusedException($"This cannot be done with host {host}.") { MayPassLater = true }
        : audit.RecordAsync(by, AuditKind.HostChanged, $"host {host}", detail: deed, cancellationToken: cancellationToken);
}
