using Pneumothorax.Lab.Experiments.Runs;
using TorchSharp;

namespace Pneumothorax.Lab.Learning.Tests.Training;

/// <summary>Counts the tensors of the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests(PhantomSet phantoms)
{
    [Fact]
    public void Train_Canceled_LeavesNoTensors()
    {
        var before = LiveTensors();

        var job = phantoms.Job(phantoms.NewFolder(), new() { BatchSize = 5, LearningRate = 0.02, Steps = 24, ValidationEvery = 5 });
        StoppableTraining.Train(job, stopAt: 6);

        // No collection in between: what is not disposed still counts.
        Assert.True(torch.Tensor.TotalCount <= before, $"{torch.Tensor.TotalCount - before} tensors are left.");
    }

    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
