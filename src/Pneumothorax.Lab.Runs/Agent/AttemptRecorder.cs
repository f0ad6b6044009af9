using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>Takes the events of one attempt: everything to the feed at once, the run's row at most twice a second.</summary>
internal sealed class AttemptRecorder(Run run, RunTransitions transitions, RunFeed feed, TimeProvider clock)
{
    private static readonly TimeSpan s_betweenWrites = TimeSpan.FromMilliseconds(500);
    private const string TrainingStage = "Training";
    private DateTimeOffset _written;

    /// <summary>The event that ended the training, once there.</summary>
    public TrainingEvent? End { get; private set; }

    public Run Run => run;

    /// <summary>From now on open pages see the run as stopping.</summary>
    public void MarkStopping() => run.State = RunState.Stopping;

    public void PublishLog(string line) => feed.Publish(new(run.Copy(), [], [line]));

    /// <returns>False when this attempt no longer counts and its process has to go.</returns>
    public async Task<bool> TakeAsync(TrainingEvent happened, CancellationToken cancellationToken)
    {
        switch (happened)
        {
            case TrainingStarted started:
                if (await transitions.TryStartAsync(run, cancellationToken) && run.State == RunState.Starting)
                {
                    run.State = RunState.Running;
                    run.StartedAt ??= clock.GetUtcNow();
                }
                run.Step = started.FromStep;
                feed.Publish(new(run.Copy(), [], []) { FromStep = started.FromStep });
                return await WriteAsync(cancellationToken);

            case MetricsReported metrics:
                feed.Publish(new(run.Copy(), metrics.Points, []));
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
                return clock.GetUtcNow() - _written < s_betweenWrites || await WriteAsync(cancellationToken);

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

    private Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        _written = clock.GetUtcNow();
        return transitions.WriteProgressAsync(run, cancellationToken);
    }
}
