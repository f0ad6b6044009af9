using System.Runtime.InteropServices;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Evaluation;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>A run from its first step to its <c>evaluation.h5</c>.</summary>
public static class TrainingSession
{
    /// <summary>Trains and evaluates on the calling thread; reports how it ended as the last event.</summary>
    /// <param name="stop">Ends training after the next step, or evaluation after the next batch, with what there is kept.</param>
    /// <returns>False when the run failed.</returns>
    public static bool Run(TrainingJob job, CancellationToken stop)
    {
        var reached = 0;
        try
        {
            if (job.Spec.ImportedFrom is { } file)
                throw new TrainingFailedException($"The weights of this run were imported from {file}, without an optimizer's state, so it cannot be trained on. Start a new run.", step: null);

            var hash = job.Dataset.Manifest.Hash;
            if (job.Resume && job.Spec.DatasetHash is { } before && before != hash)
                throw new TrainingFailedException($"Data set \"{job.Spec.Dataset}\" has changed since the run began, so it cannot go on. Start a new run.", step: null);

            job.Folder.WriteSpec(job.Spec with { DatasetHash = hash, Software = SoftwareVersions.All });
            var last = job.Spec.Hyperparameters.Steps;
            bool endedEarly;
            using (var trainer = new Trainer(job)) (reached, endedEarly) = (trainer.Train(stop), trainer.EndedEarly);
            if (reached < last && !endedEarly)
            {
                job.Report(new TrainingStopped(reached));
                return true;
            }

            var evaluation = Evaluator.Evaluate(job, checkpoint: null, stop);
            evaluation.Write(job.Folder.EvaluationPath);
            FeatureStatistics.Write(job, evaluation.Info.CheckpointStep, stop);
            job.Report(new TrainingCompleted(reached, evaluation.Info.CheckpointStep));
            return true;
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
        catch (ExternalException exception) when (TrainingFailedException.IsOutOfMemory(exception))
        {
            return Fail(job, reached > 0
                ? new($"Memory did not suffice for the evaluation. The checkpoints are kept: resume the run when less is going on, and only the evaluation is left to do.", reached, exception)
                : new("Memory did not suffice to load network and images. Choose a smaller network, or wait until less is going on.", step: null, exception));
        }
    }

    private static bool Fail(TrainingJob job, TrainingFailedException failure)
    {
        job.Report(new TrainingFailed(failure.Message, failure.Step, failure.IsHostFault));
        return false;
    }
}
