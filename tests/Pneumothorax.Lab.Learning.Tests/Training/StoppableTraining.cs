using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

internal static class StoppableTraining
{
    /// <summary>Trains on this thread, and asks for a stop in time for the checkpoint to be that of a given step.</summary>
    public static int Train(TrainingContext job, int? stopAt = null)
    {
        using var stop = new CancellationTokenSource();
        using var trainer = new Trainer(job with { Report = Report, Clock = new HastyClock() });
        return trainer.Train(stop.Token);

        void Report(TrainingEvent happened)
        {
            job.Report(happened);
            var step = happened switch
            {
                TrainingStarted started => started.FromStep,
                MetricsReported metrics => metrics.Points[^1].Step,
                _ => -1,
            };
            if (step == stopAt - 1) stop.Cancel();
        }
    }

    /// <summary>A second passes at every look, so that each step is read and reported on its own.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks);
    }
}
