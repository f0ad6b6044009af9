using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>Executes runs: claims one, starts its process, records what it says, and writes how it ended.</summary>
internal sealed class RunAgent(
    RunStore store, RunTransitions transitions, RunFeed feed, LabDatabase database, LabExecutable executable, LabPaths paths,
    GpuSlots slots, SilenceLimit silenceLimit, MemoryKills kills, TimeProvider clock, ILogger<RunAgent> logger)
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>The host before may be alive after all. In this time it looks, and ends its process.</summary>
    private static readonly TimeSpan s_beforeTakenOver = TimeSpan.FromSeconds(6);

    /// <summary>At the time limit nobody waits at a button: a large network on a processor may finish its step and save it.</summary>
    private static readonly TimeSpan s_patienceAtTheLimit = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_betweenTries = TimeSpan.FromSeconds(3);

    /// <summary>libtorch says so of every processor without AVX2, and uses another library. A student would look for a fault.</summary>
    private const string NnpackWarning = "Could not initialize NNPACK";

    private readonly ConcurrentDictionary<int, AttemptWatch> _active = new();

    /// <summary>Ends the process of a run whose state was set to stopping.</summary>
    public void Stop(int runId)
    {
        if (_active.TryGetValue(runId, out var watch)) watch.Stop.Cancel();
    }

    /// <summary>Runs one attempt of the run that goes next to its end; does nothing when there is none.</summary>
    /// <param name="job">The queue's job that this serves. The queue hands it out again when its host is lost.</param>
    /// <param name="given">This host ends, or the job was given to another one: nothing is taken any more. A run that was taken goes by its row: the
    /// queue also calls a job given away when a host before this one, which lost it, says that it is done with it.</param>
    /// <param name="shutdown">This host ends: the run goes back into the queue.</param>
    /// <returns>The run that was taken.</returns>
    public async Task<Run?> ExecuteAsync(string job, CancellationToken given, CancellationToken shutdown)
    {
        var slot = slots.Take();
        try
        {
            Claim? claim;
            while ((claim = await transitions.TryClaimAsync(job, slot, given)) is null)
            {
                // Paused, or drained: the job is held, since a host that let go of it would at once take the next one.
                if (!await transitions.IsClosedAsync(given)) return null;
                await Task.Delay(s_betweenLooks, clock, given);
            }
            await ServeAsync(claim, slot, shutdown);
            return claim.Run;
        }
        finally
        {
            slots.Return(slot);
        }
    }

    private async Task ServeAsync(Claim claim, int slot, CancellationToken shutdown)
    {
        var run = claim.Run;
        using var activity = RunTrace.Start("attempt", run);
        logger.LogInformation("Run {Run} of member {Member} starts attempt {Attempt} on {Host}", run.Id, run.OwnerId, run.Attempt, Environment.MachineName);
        using var watch = new AttemptWatch(run, transitions, database.IsShared, clock, shutdown);
        _active[run.Id] = watch;
        try
        {
            // Somebody may have canceled between the claim and the line above. Without a token: a host that ends now has failed nothing.
            if (await transitions.FindAsync(run.Id, CancellationToken.None) is { State: RunState.Stopping }) await watch.Stop.CancelAsync();
            feed.PublishState(run);
            if (claim.IsTakenOver) await Task.WhenAny(Task.Delay(s_beforeTakenOver, clock, watch.GiveUp), Task.Delay(Timeout.Infinite, watch.Stop.Token));
            await EndAsync(run, await AttemptAsync(run, slot, watch));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await EndAsync(run, FailedByHost(run, exception.Message.ReplaceLineEndings(" ")));
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Run {Run} ended because of an error in the portal", run.Id);
            await EndAsync(run, FailedByHost(run, "An internal error of the lab ended this run; the log of its host has the details."));
        }
        finally
        {
            await watch.EndAsync();
            _active.TryRemove(KeyValuePair.Create(run.Id, watch));
        }
    }

    private async Task<AttemptEnd> AttemptAsync(Run run, int slot, AttemptWatch watch)
    {
        var folder = store.FolderOf(run);
        if (run.Attempt == 1) SetAsideWhatIsThere(folder);
        if (run.Step > 0 && IsRemoved(folder)) return new(RunState.Failed, RunMessages.FolderRemoved(run.Step));
        if (!folder.IsThere) folder.WriteSpec(SpecOf(run));
        var recorder = new AttemptRecorder(run, transitions, feed, clock);
        using var log = new RunLog(folder, recorder.PublishLog);
        var (memory, killed) = (slots.OnCpu ? await MemoryOfAsync(run, watch.GiveUp) : null, kills.Count());
        using var process = TrainingProcess.Start(executable, folder, paths, slots, slot, run.EvaluatesOnly, memory + TrainingProcess.OwnBytes);
        using var silence = new SilenceWatch(recorder, silenceLimit, clock);

        var reading = Task.WhenAll(RecordOrStopAsync(process, recorder, log, silence), CopyAsync(process.Errors, log));
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(watch.Stop.Token, watch.TimeUp, watch.GiveUp, silence.Hung);
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(watch.Stop.Token, watch.GiveUp, silence.Hung);
        await Task.WhenAny(reading, Task.Delay(Timeout.Infinite, asked.Token));
        await silence.EndAsync();
        if (asked.IsCancellationRequested)
        {
            recorder.MarkStopping();
            if (hurry.IsCancellationRequested) await process.StopAsync(TrainingProcess.Patience);
            else await process.StopAsync(s_patienceAtTheLimit, hurry.Token);
        }
        await reading;
        // Its streams are closed, so it is on its way out.
        await process.EndWithinAsync(TimeSpan.FromSeconds(2));

        if (IsRemoved(folder) && !hurry.IsCancellationRequested) return new(RunState.Failed, RunMessages.FolderRemoved(run.Step));
        return recorder.End switch
        {
            TrainingCompleted => new(RunState.Completed),
            TrainingFailed { IsHostFault: true } failed => FailedByHost(run, InputText.Cleaned(failed.Message)),
            TrainingFailed failed => new(RunState.Failed, InputText.Cleaned(failed.Message)),
            _ when watch.Stop.IsCancellationRequested => new(RunState.Canceled, RunMessages.Canceled(folder)),
            _ when watch.GiveUp.IsCancellationRequested => new(RunState.Queued),
            _ when watch.TimeUp.IsCancellationRequested => new(RunState.Interrupted, RunMessages.TimeUp(folder, watch.MinutesAllowed)),
            _ when silence.Hung.IsCancellationRequested => FailedByHost(run, RunMessages.Hung(run.Step, silence.Silence)),
            _ when log.TellsOutOfMemory || (process.ExitCode == TrainingProcess.Killed && kills.Count() > killed) => new(RunState.Failed, RunMessages.OutOfMemory(run, memory)),
            _ => FailedByHost(run, RunMessages.Vanished(run.Step, process.ExitCode, log.LastLine)),
        };
    }

    /// <returns>Null where the database does not answer: then the run goes without a limit. Also where the attempt is given up, which the caller sees next.</returns>
    private async Task<long?> MemoryOfAsync(Run run, CancellationToken giveUp)
    {
        try { return await transitions.MemoryOfAsync(run, giveUp); }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested) { return null; }
        catch (Exception exception) when (LabDatabase.IsTroubled(exception)) { return null; }
    }

    /// <summary>Somebody removed the folder of a run that had begun. A data directory that is away altogether is the host's fault, and comes back.</summary>
    private bool IsRemoved(RunFolder folder) => !folder.IsThere && Directory.Exists(paths.Runs);

    /// <summary>A run that never started has described itself nowhere. A folder that says it did is of a database before this one, and its checkpoints are another run's.</summary>
    private void SetAsideWhatIsThere(RunFolder folder)
    {
        if (!folder.IsThere) return;
        var aside = $"{folder.Path}-of-another-database-{Guid.NewGuid():N}";
        Directory.Move(folder.Path, aside);
        logger.LogWarning("{Folder} existed before its run started. It is kept as {Aside}", folder.Path, aside);
    }

    private AttemptEnd FailedByHost(Run run, string why) => new(RunState.Failed, Fault: RunMessages.Fault(store.FolderOf(run), why));

    /// <summary>A fault here ends the process too: with nobody to read what it says, it would wait for ever.</summary>
    private static async Task RecordOrStopAsync(ChildProcess process, AttemptRecorder recorder, RunLog log, SilenceWatch silence)
    {
        try
        {
            await RecordAsync(process, recorder, log, silence);
        }
        catch
        {
            await process.StopAsync(TrainingProcess.Patience);
            throw;
        }
    }

    private static async Task RecordAsync(ChildProcess process, AttemptRecorder recorder, RunLog log, SilenceWatch silence)
    {
        while (await process.Output.ReadLineAsync() is { } line)
        {
            silence.Hear();
            if (TrainingEvent.Parse(line) is not { } happened)
            {
                log.Write(line);
                continue;
            }
            if (happened is ProgressReported) recorder.Run.ProcessorSeconds = process.ProcessorSeconds ?? recorder.Run.ProcessorSeconds;
            if (happened is LogWritten message) log.Write(message.Message);
            // The last words count even while the portal ends, so no token here.
            if (!await recorder.TakeAsync(happened, CancellationToken.None))
            {
                await process.StopAsync(TrainingProcess.Patience);
                return;
            }
        }
    }

    private static async Task CopyAsync(TextReader errors, RunLog log)
    {
        while (await errors.ReadLineAsync() is { } line)
        {
            if (!line.Contains(NnpackWarning, StringComparison.Ordinal)) log.Write(line);
        }
    }

    /// <summary>How a run ended is told at last, however long the database stays away.</summary>
    private async Task EndAsync(Run run, AttemptEnd end)
    {
        while (true)
        {
            try
            {
                await (end.Fault is { } fault
                    ? transitions.EndInfrastructureFailureAsync(run, fault, CancellationToken.None)
                    : transitions.EndAsync(run, end.State, end.Message, CancellationToken.None));
                Activity.Current?.SetTag("lab.outcome", end.State.ToString());
                logger.LogInformation("Run {Run} of member {Member} is {State} on {Host} at step {Step}", run.Id, run.OwnerId, end.State, Environment.MachineName, run.Step);
                break;
            }
            catch (Exception exception) when (LabDatabase.IsAway(exception))
            {
                logger.LogWarning("The end of run {Run} cannot be written yet: {Reason}", run.Id, exception.Message);
                await Task.Delay(s_betweenTries, clock);
            }
        }
        if (await transitions.FindAsync(run.Id, CancellationToken.None) is { } ended) feed.PublishState(ended);
    }

    private static RunSpec SpecOf(Run run) => RunSpec.Of(run.Name, run.Settings) with { CreatedAt = run.CreatedAt };

    /// <param name="Fault">Set where the host is to blame: then the run may be tried again, whatever the state says.</param>
    private sealed record AttemptEnd(RunState State, string? Message = null, InfrastructureFailure? Fault = null);
}
