using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs;

/// <summary>What a viewer may do to runs: launch, cancel, resume, share, delete.</summary>
public sealed class RunLauncher
{
    private readonly IDbContextFactory<LabDbContext> _contexts;
    private readonly RunStore _store;
    private readonly RunTransitions _transitions;
    private readonly RunQueue _queue;
    private readonly RunAgent _agent;
    private readonly RunFeed _feed;
    private readonly TrainingImages _trainingImages;
    private readonly LaunchPolicy _gate;
    private readonly Audit _audit;
    private readonly TimeProvider _clock;

    internal RunLauncher(
        IDbContextFactory<LabDbContext> contexts, RunStore store, RunTransitions transitions, RunQueue queue, RunAgent agent,
        RunFeed feed, TrainingImages trainingImages, LaunchPolicy gate, Audit audit, TimeProvider clock)
    {
        (_contexts, _store, _transitions, _queue) = (contexts, store, transitions, queue);
        (_agent, _feed, _trainingImages, _clock) = (agent, feed, trainingImages, clock);
        (_gate, _audit) = (gate, audit);
    }

    /// <summary>Puts a new run at the end of the line; the same request again, by its idempotency key, answers with the run it has launched.</summary>
    /// <exception cref="RequestRefusedException">A setting is out of range, a name is unknown, the student has enough runs in the queue or launched too
    /// many a moment ago, or their course is not open.</exception>
    public async Task<Run> LaunchAsync(RunRequest request, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var name = CheckedName(request.Name);
        CheckKey(request.IdempotencyKey);
        var settings = await CheckedAsync(request.Settings, viewer, cancellationToken);
        if (await FindLaunchedAsync(request, settings, viewer, cancellationToken) is { } before) return await _store.GetAsync(before, viewer, cancellationToken);
        if (request.CopiedFromId is { } source) await _store.GetAsync(source, viewer, cancellationToken);
        await _gate.EnterAsync(viewer, cancellationToken);

        // One writer at a time, so two launches at once cannot both be the third.
        var (id, isNew) = await _contexts.WriteAsync(async db =>
        {
            if (await FindLaunchedAsync(db, request, settings, viewer, cancellationToken) is { } meanwhile) return (meanwhile, false);
            await CheckPlaceInLineAsync(db, viewer, cancellationToken);
            var now = await db.NowAsync(_clock, cancellationToken);
            var run = new Run
            {
                Name = name,
                OwnerId = viewer.MemberId,
                Dataset = settings.Dataset,
                Network = settings.Network,
                Hyperparameters = settings.Hyperparameters,
                CopiedFromId = request.CopiedFromId,
                IdempotencyKey = request.IdempotencyKey,
                CreatedAt = now,
                QueuedAt = now,
            };
            db.Runs.Add(run);
            await db.SaveChangesAsync(cancellationToken);
            if (run.Name.Length == 0)
            {
                run.Name = $"Run {run.Id}";
                await db.SaveChangesAsync(cancellationToken);
            }
            return (run.Id, true);
        }, cancellationToken);
        if (!isNew) return await _store.GetAsync(id, viewer, cancellationToken);
        var launched = await EnqueueAsync(id, viewer, cancellationToken);
        RunTrace.Start("launch", launched)?.Dispose();
        return launched;
    }

    /// <summary>Takes a waiting run out of the line, or ends a running one within five seconds. A run that is over stays as it is.</summary>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    /// <exception cref="RequestRefusedException">It is the reference run, or over already.</exception>
    public async Task CancelAsync(int id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var run = await _store.GetListedAsync(id, viewer, cancellationToken);
        if (run.IsReference) throw new RequestRefusedException("The reference run belongs to everyone and cannot be changed.");

        var kept = RunMessages.Canceled(_store.FolderOf(run));
        if (await _transitions.TryCancelQueuedAsync(id, kept, cancellationToken))
        {
            await RecordAsync(AuditKind.RunCanceled, run, viewer, cancellationToken);
            await PublishAsync(id, cancellationToken);
        }
        else if (await _transitions.TryStopAsync(id, cancellationToken))
        {
            _agent.Stop(id);
            await RecordAsync(AuditKind.RunCanceled, run, viewer, cancellationToken);
            await PublishAsync(id, cancellationToken);
        }
        else if (run.IsOver)
        {
            throw new RequestRefusedException($"Run {id} has already ended: it is {RunMessages.Word(run.State)}.") { MayPassLater = true };
        }
    }

    /// <summary>Puts a run that is not complete back into the queue; it goes on from its newest checkpoint.</summary>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    /// <exception cref="RequestRefusedException">It is complete or under way, or the student has enough runs in the queue.</exception>
    public async Task ResumeAsync(int id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var run = await _store.GetListedAsync(id, viewer, cancellationToken);
        if (!run.State.CanResume()) throw new RequestRefusedException($"Run {id} cannot be resumed: it is {RunMessages.Word(run.State)}.") { MayPassLater = true };
        await PutBackAsync(run, evaluatesOnly: false, viewer, cancellationToken);
    }

    /// <summary>Puts a run that is not complete back into the queue to be evaluated as it is: its best checkpoint sees the test images, and then the run is complete.</summary>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    /// <exception cref="RequestRefusedException">It is complete or under way, has no checkpoint, or the student has enough runs in the queue.</exception>
    public async Task EvaluateAsync(int id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var run = await _store.GetListedAsync(id, viewer, cancellationToken);
        if (!run.State.CanResume()) throw new RequestRefusedException($"Run {id} cannot be evaluated now: it is {RunMessages.Word(run.State)}.") { MayPassLater = true };
        if (_store.FolderOf(run).CheckpointSteps().Count == 0) throw new RequestRefusedException($"Run {id} has no checkpoint, so there is nothing to evaluate.");
        await PutBackAsync(run, evaluatesOnly: true, viewer, cancellationToken);
    }

    /// <summary>Back to the end of the line.</summary>
    private async Task PutBackAsync(Run run, bool evaluatesOnly, Viewer viewer, CancellationToken cancellationToken)
    {
        var id = run.Id;
        if (_trainingImages(run.Dataset) is null && !await IsDrawnAsync(run.Dataset, cancellationToken))
            throw new RequestRefusedException($"Run {id} needs the data set \"{run.Dataset}\", which is no longer registered.");
        await _gate.EnterAsync(viewer, cancellationToken);

        var resumed = await _contexts.WriteAsync(async db =>
        {
            await CheckPlaceInLineAsync(db, viewer, cancellationToken);
            var now = await db.NowAsync(_clock, cancellationToken);
            return await db.Runs.Where(r => r.Id == id && r.State == run.State && r.Attempt == run.Attempt)
                .ExecuteUpdateAsync(set => set
                    .SetProperty(r => r.State, RunState.Queued)
                    .SetProperty(r => r.QueuedAt, now)
                    .SetProperty(r => r.Rank, (int?)null)
                    .SetProperty(r => r.InfrastructureFailures, 0)
                    .SetProperty(r => r.EvaluatesOnly, evaluatesOnly)
                    .SetProperty(r => r.EndedAt, (DateTimeOffset?)null)
                    .SetProperty(r => r.Message, (string?)null), cancellationToken);
        }, cancellationToken);
        if (resumed == 0) throw new RequestRefusedException($"Run {id} has just been changed by somebody else. Reload the page.") { MayPassLater = true };
        await RecordAsync(AuditKind.RunResumed, run, viewer, cancellationToken);
        await EnqueueAsync(id, viewer, cancellationToken);
    }

    /// <summary>Deletes a run that is over, with its folder.</summary>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    /// <exception cref="RequestRefusedException">It is the reference run, not over yet, or an assistant asks and it is somebody else's.</exception>
    public async Task DeleteAsync(int id, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var run = await _store.GetListedAsync(id, viewer, cancellationToken);
        if (run.IsReference) throw new RequestRefusedException("The reference run belongs to everyone and cannot be deleted.");
        if (!run.MayBeDeletedBy(viewer)) throw new RequestRefusedException($"Run {id} belongs to somebody else. Only its owner and the instructor can delete it.");
        if (!run.IsOver) throw new RequestRefusedException($"Run {id} has not ended. Cancel it first.") { MayPassLater = true };
        if (!await TryDeleteAsync(run, cancellationToken)) throw new RequestRefusedException($"Run {id} has just been changed by somebody else. Reload the page.") { MayPassLater = true };
        await RecordAsync(AuditKind.RunDeleted, run, viewer, cancellationToken);
    }

    /// <param name="run">A run that is over.</param>
    /// <returns>False when it has been changed or deleted meanwhile; then it stays as it is.</returns>
    internal async Task<bool> TryDeleteAsync(Run run, CancellationToken cancellationToken)
    {
        // The folder goes aside first: a row without a folder could be shown, a folder without a row is only swept up.
        var aside = PendingDeletion.Of(_store.FolderOf(run));
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var deleted = await db.Runs
            .Where(r => r.Id == run.Id && r.State == run.State && r.Attempt == run.Attempt).ExecuteDeleteAsync(cancellationToken);
        if (deleted == 0)
        {
            aside?.MoveBack();
            return false;
        }
        aside?.Delete();
        _feed.Publish(new(run, [], []) { IsDeleted = true });
        return true;
    }

    /// <summary>Lets the members of the owner's section read a run, or no longer.</summary>
    /// <exception cref="RunNotFoundException">There is no such run for this viewer.</exception>
    /// <exception cref="RequestRefusedException">It is somebody else's. Those who teach may end the sharing, and not begin it.</exception>
    public async Task ShareAsync(int id, bool share, Viewer viewer, CancellationToken cancellationToken = default)
    {
        var run = await _store.GetListedAsync(id, viewer, cancellationToken);
        if (run.IsReference) throw new RequestRefusedException("The reference run belongs to everyone and cannot be changed.");
        if (share && !run.IsOf(viewer)) throw new RequestRefusedException($"Run {id} belongs to somebody else. Only its owner can share it.") { IsForbidden = true };

        DateTimeOffset? sharedAt = share ? _clock.GetUtcNow() : null;
        await using (var db = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            var changed = await db.Runs.Where(r => r.Id == id && (r.SharedAt == null) == share).ExecuteUpdateAsync(set => set.SetProperty(r => r.SharedAt, sharedAt), cancellationToken);
            if (changed == 0) return;
        }
        // One's own runs too: it changes what others see.
        await _audit.RecordAsync(viewer, share ? AuditKind.RunShared : AuditKind.RunUnshared, $"run {id}", run.OwnerId, cancellationToken: cancellationToken);
        await PublishAsync(id, cancellationToken);
    }

    /// <summary>What one does to one's own runs is nobody's business.</summary>
    private async Task RecordAsync(AuditKind kind, Run run, Viewer viewer, CancellationToken cancellationToken)
    {
        if (run.OwnerId is { } owner && owner != viewer.MemberId) await _audit.RecordAsync(viewer, kind, $"run {run.Id}", owner, cancellationToken: cancellationToken);
    }

    private static string CheckedName(string? name)
    {
        if (InputText.Fault(name) is { } fault) throw new RequestRefusedException($"The run's name {fault}");
        var trimmed = InputText.Seen(name?.Trim() ?? "");
        return InputText.IsLine(trimmed, Run.NameLength)
            ? trimmed
            : throw new RequestRefusedException($"A run's name must be one line of at most {Run.NameLength} characters.");
    }

    private static void CheckKey(string? key)
    {
        if (key is not null && (key.Length is 0 or > Run.IdempotencyKeyLength || key.Any(letter => letter is <= ' ' or > '~')))
        {
            throw new RequestRefusedException($"An idempotency key must have 1 to {Run.IdempotencyKeyLength} printable ASCII characters, without spaces.");
        }
    }

    private async Task<int?> FindLaunchedAsync(RunRequest request, RunSettings settings, Viewer viewer, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is null) return null;
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await FindLaunchedAsync(db, request, settings, viewer, cancellationToken);
    }

    /// <returns>The run that this very request has launched; null where it is new.</returns>
    /// <exception cref="RequestRefusedException">The key was used for a run with other settings.</exception>
    private static async Task<int?> FindLaunchedAsync(LabDbContext db, RunRequest request, RunSettings settings, Viewer viewer, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is not { } key) return null;
        var run = await db.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.OwnerId == viewer.MemberId && run.IdempotencyKey == key, cancellationToken);
        if (run is null) return null;
        return run.Settings == settings
            ? run.Id
            : throw new RequestRefusedException($"This idempotency key was used for run {run.Id}, which has other settings. Send another key for another run.");
    }

    /// <returns>The settings that were asked for, their epochs as steps.</returns>
    private async Task<RunSettings> CheckedAsync(RunSettings settings, Viewer viewer, CancellationToken cancellationToken)
    {
        var network = NetworkSpec.All.FirstOrDefault(network => network.Name == settings.Network);
        List<string> problems = [.. network is null ? settings.Hyperparameters.Problems() : settings.Hyperparameters.Problems(network)];
        if (network is null)
        {
            problems.Add($"There is no network \"{settings.Network}\". The networks are: {string.Join(", ", NetworkSpec.All.Select(network => network.Name))}.");
        }
        // One that the course does not use is answered in every respect as one that is not there.
        var isOffered = await _gate.OffersAsync(viewer, settings.Dataset, cancellationToken);
        var images = isOffered ? _trainingImages(settings.Dataset) : null;
        var isDrawn = isOffered && images is null && await IsDrawnAsync(settings.Dataset, cancellationToken);
        if (images is null && !isDrawn) problems.Add(LaunchPolicy.NoSuch(settings.Dataset));
        if (problems.Count > 0) throw new RequestRefusedException(string.Join(" ", problems));
        if (images is null && settings.Hyperparameters.Epochs is not null)
        {
            throw new RequestRefusedException($"The images of \"{settings.Dataset}\" are being drawn, so the number of steps in an epoch is not known yet. Set steps instead, or try again in a minute.") { MayPassLater = true };
        }
        Hyperparameters resolved;
        try { resolved = images is { } known ? settings.Hyperparameters.Resolve(known) : settings.Hyperparameters; }
        catch (ArgumentException exception) { throw new RequestRefusedException(exception.Message); }
        if (MemoryCapacity.Problem(await HostsUpAsync(cancellationToken), network!.With(resolved), resolved) is { } problem) throw new RequestRefusedException(problem);
        return settings with { Hyperparameters = resolved };
    }

    private async Task<IReadOnlyList<LabHost>> HostsUpAsync(CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(_clock, cancellationToken);
        return [.. (await db.Hosts.AsNoTracking().ToListAsync(cancellationToken)).Where(host => host.IsUp(now))];
    }

    /// <returns>Whether a portal draws this data set, so that a run on it may wait for that.</returns>
    private async Task<bool> IsDrawnAsync(string dataset, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.Queue.AnyAsync(queue => queue.Drawing == dataset, cancellationToken);
    }

    private static async Task CheckPlaceInLineAsync(LabDbContext db, Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.IsStaff) return;

        if (!await db.Members.AnyAsync(member => member.Id == viewer.MemberId, cancellationToken)) throw new RequestRefusedException("You are no longer in this class. Join again first.");
        var waiting = await db.Runs.CountAsync(run => run.OwnerId == viewer.MemberId && run.State == RunState.Queued, cancellationToken);
        var most = await db.Queue.Select(queue => queue.WaitingEach).SingleAsync(cancellationToken);
        if (waiting >= most)
        {
            throw new RequestRefusedException(
                $"You have {(most == 1 ? "a run" : $"{most} runs")} in the queue already, which is the limit for a student. Cancel one, or wait until one starts.")
            {
                MayPassLater = true,
            };
        }
    }

    private async Task<Run> EnqueueAsync(int id, Viewer viewer, CancellationToken cancellationToken)
    {
        var run = await _store.GetAsync(id, viewer, cancellationToken);
        _feed.PublishState(run);
        _queue.Enqueue();
        return run;
    }

    private async Task PublishAsync(int id, CancellationToken cancellationToken)
    {
        if (await _transitions.FindAsync(id, cancellationToken) is { } run) _feed.PublishState(run);
    }
}
