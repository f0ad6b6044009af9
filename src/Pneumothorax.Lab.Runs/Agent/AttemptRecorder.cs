using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>Takes the events of one attempt: everything to the feed at once, the run's row at most twice a second.</summary>
internal sealed class AttemptRecorder(Run run, RunTransitions transitions, RunFeed feed, TimeProvider clock)
{
    private static readonly TimeSpan s_betweenWrites = TimeSpan.FromMilliseconds(500);

    /// <summary>A database that is away shall not keep the process waiting; <see cref="RunAgent"/> watches for how long it is.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private const string TrainingStage = "Training";
    private DateTimeOffset _written;
    private bool _isStarted;
    private Task<bool> _writing = Task.FromResult(true);

    /// <summary>The event that ended the training, once there.</summary>
    public TrainingEvent? End { get; private set; }

    public Run Run => run;

    /// <summary>From now on open pages see the run as stopping.</summary>
    public void MarkStopping() => run.State = RunState.Stopping;

    public void PublishLog(string line) => feed.Publish(new(run.Copy(), [], [line]));

    /// <summary>Says something of a run that goes on; null takes it back. Until the next progress no speed is told: it would be that of a moment long past.</summary>
    public async Task TellAsync(string? message)
    {
        run.Message = message;
        if (message is not null) (run.ImagesPerSecond, run.SecondsLeft) = (null, null);
        try
        {
            // The row first: other portals read there what they are told of.
            using var patience = new CancellationTokenSource(s_patience);
            await transitions.WriteMessageAsync(run, patience.Token);
        }
        catch (Exception exception) when (LabDatabase.IsAway(exception) || exception is OperationCanceledException)
        {
            // Then they hear of the end.
        }
        feed.PublishState(run);
    }

    /// <returns>False when this attempt no longer counts and its process has to go.</returns>
    public async Task<bool> TakeAsync(TrainingEvent happened, CancellationToken cancellationToken)
    {
        switch (happened)
        {
            case TrainingStarted started:
                run.Step = started.FromStep;
                run.FromStep = started.FromStep;
                // The row first: other portals read there what they are told of.
                var isCurrent = await WriteAsync(cancellationToken);
                feed.Publish(new(run.Copy(), [], []) { FromStep = started.FromStep });
                return isCurrent;

            case MetricsReported metrics:
                feed.Publish(new(run.Copy(), metrics.Points, []) { SaidAt = clock.GetTimestamp() });
                return true;

            case ProgressReported progress:
                run.Stage = progress.Stage;
                run.SecondsLeft = progress.SecondsLeft;
                if (progress.Stage == TrainingStage)
                {
                    // Evaluating is several times as fast: its speed would spoil what the run page and estimates say of training.
                    run.ImagesPerSecond = progress.ImagesPerSecond;
                    run.Step = progress.Done;
                }
                feed.PublishState(run);
                if (clock.GetUtcNow() - _written < s_betweenWrites || !_writing.IsCompleted) return true;
                // Points do not wait for the row: with many runs at once the database may take its time.
                var counts = await _writing;
                _writing = WriteAsync(cancellationToken);
                return counts;

            case CheckpointSaved checkpoint:
                if (checkpoint.IsBest) run.BestStep = checkpoint.Step;
                feed.PublishState(run);
                return true;

            case TrainingStopped stopped:
                run.Step = stopped.Step;
                End = stopped;
                return true;

            case TrainingFailed failed:
                run.Step = failed.Step ?? run.Step;
                End = failed;
                return true;

            case TrainingCompleted completed:
                run.Step = completed.Step;
                run.BestStep = completed.CheckpointStep;
                End = completed;
                return true;

            default:
                return true;
        }
    }

    /// <returns>False when this attempt no longer counts.</returns>
    private async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        _written = clock.GetUtcNow();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            if (!_isStarted && run.FromStep is not null)
            {
                if (await transitions.TryStartAsync(run, patience.Token) && run.State == RunState.Starting)
                {
                    run.State = RunState.Running;
                    run.StartedAt ??= clock.GetUtcNow();
                }
                _isStarted = true;
            }
            return await transitions.WriteProgressAsync(run, patience.Token);
        }
        catch (Exception exception) when (LabDatabase.IsAway(exception)
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return true;
        }
    }
}
