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
        try
        {
            job.Folder.WriteSpec(job.Spec with { DatasetHash = job.Dataset.Manifest.Hash, Software = SoftwareVersions.All });
            var last = job.Spec.Hyperparameters.Steps;
            int reached;
            using (var trainer = new Trainer(job)) reached = trainer.Train(stop);
            if (reached < last)
            {
                job.Report(new TrainingStopped(reached));
                return true;
            }

            var evaluation = Evaluator.Evaluate(job, checkpoint: null, stop);
            evaluation.Write(job.Folder.EvaluationPath);
            job.Report(new TrainingCompleted(reached, evaluation.Info.CheckpointStep));
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            job.Report(new TrainingStopped(job.Spec.Hyperparameters.Steps));
            return true;
        }
        catch (TrainingFailedException failure)
        {
            job.Report(new TrainingFailed(failure.Message, failure.Step));
            return false;
        }
    }
}
