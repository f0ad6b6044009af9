using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Evaluation;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>A run from its first step to its <c>evaluation.h5</c>.</summary>
public static class TrainingExecutor
{
    /// <summary>Trains and evaluates on the calling thread; reports how it ended as the last event.</summary>
    /// <param name="stop">Ends training after the next step, or evaluation after the next batch, with what there is kept.</param>
    /// <returns>False when the run failed.</returns>
    public static bool Run(TrainingContext job, CancellationToken stop) => Run(job, trains: true, stop);

    /// <summary>Trains no more, and evaluates the best of the checkpoints that are there; reports that as the end of the run.</summary>
    /// <inheritdoc cref="Run(TrainingContext, CancellationToken)"/>
    public static bool Evaluate(TrainingContext job, CancellationToken stop) => Run(job, trains: false, stop);

    private static bool Run(TrainingContext job, bool trains, CancellationToken stop)
    {
        var reached = 0;
        try
        {
            if (trains && job.Spec.ImportedFrom is { } file)
                throw new TrainingFailedException($"The weights of this run were imported from {file}, without the state of an optimizer, so it cannot be trained further. Start a new run.", step: null);

            var hash = job.Dataset.Manifest.Hash;
            if ((job.Resume || !trains) && job.Spec.DatasetHash is { } before && before != hash)
                throw new TrainingFailedException($"Data set \"{job.Spec.Dataset}\" has changed since the run started, so the run cannot continue. Start a new run.", step: null);

            if (!trains)
            {
                reached = ReachedBefore(job);
                return Evaluate(job, reached, stop);
            }
            job.Folder.WriteSpec(job.Spec with { DatasetHash = hash, Software = SoftwareVersions.All });
            var last = job.Spec.Hyperparameters.Steps;
            bool endedEarly;
            using (var trainer = new Trainer(job)) (reached, endedEarly) = (trainer.Train(stop), trainer.EndedEarly);
            if (reached < last && !endedEarly)
            {
                job.Report(new TrainingStopped(reached));
                return true;
            }

            return Evaluate(job, reached, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            job.Report(new TrainingStopped(reached));
            return true;
        }
        catch (TrainingFailedException failure)
        {
            return Fail(job, failure);
        }
        catch (IOException exception)
        {
            // The trainer's own are caught there: this was run.json, or evaluation.h5.
            return Fail(job, TrainingFailedException.DiskRefused(exception, job.Folder, reached > 0 ? reached : null));
        }
        catch (Exception exception) when (TrainingFailedException.IsOutOfMemory(exception))
        {
            return Fail(job, reached > 0
                ? new($"There was too little memory for the evaluation. The checkpoints are kept. Resume the run when the machine is less busy; then only the evaluation is repeated.", reached, exception)
                : new("There was too little memory to load network and images. Choose a smaller network, or wait until the machine is less busy.", step: null, exception));
        }
    }

    private static bool Evaluate(TrainingContext job, int reached, CancellationToken stop)
    {
        if (job.IsFolderRemoved) throw TrainingFailedException.FolderRemoved(reached);
        var evaluation = Evaluator.Evaluate(job, checkpoint: null, stop);
        using (job.Pulse?.Aside()) evaluation.Write(job.Folder.EvaluationPath);
        FeatureStatistics.Write(job, evaluation.Info.CheckpointStep, stop);
        if (job.IsFolderRemoved) throw TrainingFailedException.FolderRemoved(reached);
        job.Report(new TrainingCompleted(reached, evaluation.Info.CheckpointStep));
        return true;
    }

    /// <summary>The last step with a point: also what was learned after the newest checkpoint stays on the curves.</summary>
    private static int ReachedBefore(TrainingContext job)
    {
        if (job.Folder.CheckpointSteps() is not [.., var newest]) throw new TrainingFailedException("There is no checkpoint to evaluate.", step: null);
        var reached = job.Folder.ReadMetrics().Select(point => point.Step).Append(newest).Max();
        job.Report(new TrainingStarted(
            reached, job.Spec.Hyperparameters.Steps, job.Dataset[SplitName.Train].TrainingRows.Count,
            job.Dataset.Has(SplitName.Validation) ? job.Dataset[SplitName.Validation].Count : 0, job.Network.Parameters, TrainingDevice.NameOf(job.Device)));
        return reached;
    }

    private static bool Fail(TrainingContext job, TrainingFailedException failure)
    {
        job.Report(new TrainingFailed(failure.Message, failure.Step, failure.IsHostFault));
        return false;
    }
}
