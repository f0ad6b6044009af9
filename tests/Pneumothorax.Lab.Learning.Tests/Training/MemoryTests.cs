using Pneumothorax.Lab.Learning.Networks;
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
        // TorchSharp's count stays one too high for every parameter ever made, so the network's own are left out of it.
        var before = LiveTensors();
        new LabNetwork(PhantomSet.Tiny, seed: 1).Dispose();
        var uncounted = torch.Tensor.TotalCount - before;
        before = torch.Tensor.TotalCount;

        var job = phantoms.Job(phantoms.NewFolder(), new() { BatchSize = 5, LearningRate = 0.02, Steps = 24, ValidationEvery = 5 });
        StoppableTraining.Train(job, stopAt: 6);

        // No collection in between: what is not disposed still counts.
        var left = torch.Tensor.TotalCount - before - uncounted;
        Assert.True(left <= 0, $"{left} tensors are left.");
    }

    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
