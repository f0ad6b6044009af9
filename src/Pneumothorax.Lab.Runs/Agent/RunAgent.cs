using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Storage;
using Pneumothorax.Lab.Runs.Telemetry;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>Executes runs: claims one, starts its process, records what it says, and writes how it ended.</summary>
internal sealed class RunAgent(
    RunStore store, RunTransitions transitions, RunFeed feed, LabDatabase database, LabExecutable executable, LabPaths paths,
    GpuSlots slots, TimeProvider clock, ILogger<RunAgent> logger)
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>Well before <see cref="RunQueue.LostAfter"/>: by then this host's process is gone.</summary>
    private static readonly TimeSpan s_giveUpAfter = TimeSpan.FromSeconds(18);

    /// <summary>The host before may be alive after all. In this time it looks, and ends its process.</summary>
    private static readonly TimeSpan s_beforeTakenOver = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_betweenTries = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<int, CancellationTokenSource> _active = new();

    /// <summary>Ends the process of a run whose state was set to stopping.</summary>
    public void Stop(int runId)
    {
        if (_active.TryGetValue(runId, out var stop)) stop.Cancel();
    }

    /// <summary>Runs one attempt of the first run in line to its end; does nothing when there is none.</summary>
    /// <param name="job">The queue's job that this serves. The queue hands it out again when its host is lost.</param>
    /// <param name="shutdown">This host ends: the run goes back into the line.</param>
    /// <returns>The run that was taken.</returns>
    public async Task<Run?> ExecuteAsync(string job, CancellationToken shutdown)
    {
        if (await transitions.TryClaimAsync(job, shutdown) is not (var run, var isTakenOver)) return null;

        using var activity = RunTrace.Start("attempt", run);
        logger.LogInformation("Run {Run} of member {Member} begins attempt {Attempt} on {Host}", run.Id, run.OwnerId, run.Attempt, Environment.MachineName);
        // Not disposed: a late Stop may still cancel it. It holds nothing to free.
        var stop = new CancellationTokenSource();
        _active[run.Id] = stop;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        using var ended = new CancellationTokenSource();
        var watching = database.IsShared ? WatchAsync(run, stop, giveUp, ended.Token) : Task.CompletedTask;
        var slot = slots.Take();
        try
        {
            // Somebody may have canceled between the claim and the line above.
            if (await transitions.FindAsync(run.Id, shutdown) is { State: RunState.Stopping }) await stop.CancelAsync();
            feed.PublishState(run);
            if (isTakenOver) await Task.WhenAny(Task.Delay(s_beforeTakenOver, clock, giveUp.Token), Task.Delay(Timeout.Infinite, stop.Token));
            var (state, message) = await AttemptAsync(run, slot, stop.Token, giveUp.Token);
            await EndAsync(run, state, message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await EndAsync(run, RunState.Failed, exception.Message.ReplaceLineEndings(" "));
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Run {Run} ended by a fault of the portal", run.Id);
            await EndAsync(run, RunState.Interrupted, "A fault of the portal ended this run; its log has the details. What its newest checkpoint holds is kept.");
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
            slots.Return(slot);
            _active.TryRemove(KeyValuePair.Create(run.Id, stop));
        }
        return run;
    }

    /// <summary>
    /// Several hosts are at work: looks whether the run was canceled elsewhere (a wake-up can be lost) and whether another host has it
    /// now, and gives it up when the database has been out of reach for so long that another host may take it.
    /// </summary>
    private async Task WatchAsync(Run run, CancellationTokenSource stop, CancellationTokenSource giveUp, CancellationToken ended)
    {
        var seen = clock.GetTimestamp();
        while (await IsBeforeEndAsync(s_betweenLooks, ended))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended);
            patience.CancelAfter(s_patience);
            try
            {
                var now = await transitions.FindAsync(run.Id, patience.Token);
                seen = clock.GetTimestamp();
                if (now is { State: RunState.Stopping } && now.Attempt == run.Attempt) await stop.CancelAsync();
                else if (now?.Attempt != run.Attempt) await giveUp.CancelAsync();
            }
            catch (Exception exception) when (LabDatabase.IsAway(exception) || exception is OperationCanceledException)
            {
                if (clock.GetElapsedTime(seen) > s_giveUpAfter) await giveUp.CancelAsync();
            }
        }
    }

    private async Task<bool> IsBeforeEndAsync(TimeSpan delay, CancellationToken ended)
    {
        try
        {
            await Task.Delay(delay, clock, ended);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<(RunState State, string? Message)> AttemptAsync(Run run, int slot, CancellationToken stop, CancellationToken shutdown)
    {
        var folder = store.FolderOf(run);
        if (!File.Exists(folder.SpecPath)) folder.WriteSpec(SpecOf(run));
        var recorder = new AttemptRecorder(run, transitions, feed, clock);
        using var log = new RunLog(folder, recorder.PublishLog);
        using var process = TrainingProcess.Start(executable, folder, paths, slots, slot);

        var reading = Task.WhenAll(RecordOrStopAsync(process, recorder, log), CopyAsync(process.Errors, log));
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(stop, shutdown);
        await Task.WhenAny(reading, Task.Delay(Timeout.Infinite, asked.Token));
        if (asked.IsCancellationRequested)
        {
            recorder.MarkStopping();
            await process.StopAsync();
        }
        await reading;
        // Its streams are closed, so it is on its way out.
        await process.EndWithinAsync(TimeSpan.FromSeconds(2));

        return recorder.End switch
        {
            TrainingCompleted => (RunState.Completed, null),
            TrainingFailed failed => (RunState.Failed, failed.Message),
            _ when stop.IsCancellationRequested => (RunState.Canceled, RunMessages.Canceled(folder)),
            _ when shutdown.IsCancellationRequested => (RunState.Queued, null),
            _ => (RunState.Interrupted, RunMessages.Interrupted(folder, run.Step, process.ExitCode, log.LastLine)),
        };
    }

    /// <summary>A fault here ends the process too: with nobody to read what it says, it would wait for ever.</summary>
    private static async Task RecordOrStopAsync(TrainingProcess process, AttemptRecorder recorder, RunLog log)
    {
        try
        {
            await RecordAsync(process, recorder, log);
        }
        catch
        {
            await process.StopAsync();
            throw;
        }
    }

    private static async Task RecordAsync(TrainingProcess process, AttemptRecorder recorder, RunLog log)
    {
        while (await process.Output.ReadLineAsync() is { } line)
        {
            if (Parse(line) is not { } happened)
            {
                log.Write(line);
                continue;
            }
            if (happened is LogWritten message) log.Write(message.Message);
            // The last words count even while the portal ends, so no token here.
            if (!await recorder.TakeAsync(happened, CancellationToken.None))
            {
                await process.StopAsync();
                return;
            }
        }
    }

    private static async Task CopyAsync(TextReader errors, RunLog log)
    {
        while (await errors.ReadLineAsync() is { } line) log.Write(line);
    }

    /// <returns>Null for a line that is no event: a library that prints to standard output.</returns>
    private static TrainingEvent? Parse(string line)
    {
        try { return JsonSerializer.Deserialize<TrainingEvent>(line, LabJson.Line); }
        catch (Exception exception) when (exception is JsonException or NotSupportedException) { return null; }
    }

    /// <summary>How a run ended is told at last, however long the database stays away.</summary>
    private async Task EndAsync(Run run, RunState state, string? message)
    {
        while (true)
        {
            try
            {
                await transitions.EndAsync(run, state, message, CancellationToken.None);
                Activity.Current?.SetTag("lab.outcome", state.ToString());
                logger.LogInformation("Run {Run} of member {Member} is {State} on {Host} at step {Step}", run.Id, run.OwnerId, state, Environment.MachineName, run.Step);
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

    private static RunSpec SpecOf(Run run) => new()
    {
        Name = run.Name,
        Dataset = run.Dataset,
        Network = run.Network,
        Hyperparameters = run.Hyperparameters,
        CreatedAt = run.CreatedAt,
    };
}
