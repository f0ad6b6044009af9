using System.Runtime.InteropServices;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>The run cannot go on as it is. The message says in one line what happened and what to change.</summary>
/// <param name="step">Where it happened; null when no step can be named.</param>
public sealed class TrainingFailedException(string message, int? step, Exception? inner = null) : Exception(message, inner)
{
    public int? Step { get; } = step;

    /// <summary>Not the settings but the host is to blame.</summary>
    public bool IsHostFault { get; private init; }

    internal static TrainingFailedException Diverged(double loss, string what, int step, Hyperparameters hyperparameters)
    {
        var rate = (decimal)hyperparameters.LearningRate;      // decimal: a tenth of 0.8 is 0.08, with no digits behind
        var happened = double.IsNaN(loss) ? "is no longer a number" : "became infinite";
        return new($"The {what} {happened} at step {step}. The usual cause is a learning rate that is too high; this run used {rate:0.########}. Try {rate / 10:0.########}.", step);
    }

    internal static TrainingFailedException FolderRemoved(int step) =>
        new($"The folder of this run was removed during the run, at step {step}, so its points and checkpoints are gone. Start a copy of it.", step);

    /// <param name="step">Null before the first.</param>
    internal static TrainingFailedException DiskRefused(IOException exception, RunFolder folder, int? step)
    {
        var kept = folder.CheckpointSteps();
        var keeps = kept.Count == 0 ? "There is no checkpoint yet." : $"The checkpoint of step {kept[^1]} is kept, and the run can continue from it.";
        return new($"{folder.Path} could not be written{(step is null ? "" : $" at step {step}")}: {exception.Message.ReplaceLineEndings(" ")} {keeps}", step, exception) { IsHostFault = true };
    }

    /// <param name="freeOnCpu">Bytes that were free before the network was built.</param>
    /// <param name="resident">Bytes of images that lie on the GPU.</param>
    internal static TrainingFailedException OutOfMemory(Exception exception, TrainingContext job, int step, long freeOnCpu, long resident)
    {
        var free = GpuMemory.FreeOf(exception.Message, resident) ?? freeOnCpu;
        return new($"Memory ran out at step {step}: {MemoryAdvice.Of(job.Network, job.Spec.Hyperparameters, free)}", step, exception);
    }

    // torch has no exception of its own for this.
    internal static bool IsOutOfMemory(Exception exception) => exception is OutOfMemoryException || (exception is ExternalException && MemoryAdvice.Tells(exception.Message));
}
