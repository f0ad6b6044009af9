using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class MemoryAdviceTests
{
    // As libtorch 2.10 words it.
    private const string OnGpu =
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8.00 GiB of which 1.50 GiB is free. Including non-PyTorch memory, this process has 6.49 GiB memory in use. "
        + "Of the allocated memory 5.00 GiB is allocated by PyTorch, and 512.00 MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting ...";

    [Fact]
    public void FreeOnGpu_IsWhatTorchHasAndWhatNobodyHas_WithoutTheImages() =>
        Assert.Equal((7L << 30) - 1000, MemoryAdvice.FreeOnGpu(OnGpu, resident: 1000));

    [Fact]
    public void FreeOnGpu_AnotherMessage_IsUnknown() => Assert.Null(MemoryAdvice.FreeOnGpu("[enforce fail at alloc_cpu.cpp:127] can't allocate memory", 0));

    [Theory]
    [InlineData(4L << 30)]
    [InlineData(20L << 30)]
    public void Of_NamesABatchThatTheEstimateAllows(long free)
    {
        var hyperparameters = new Hyperparameters { BatchSize = 128 };

        var advice = MemoryAdvice.Of(NetworkSpec.Lab, hyperparameters, free);

        var batch = int.Parse(advice.Split("A batch size of ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(NetworkSpec.Lab.TrainingBytes(hyperparameters with { BatchSize = batch }), free / 2, free);
    }

    [Fact]
    public void Of_NothingFits_SaysSo() =>
        Assert.EndsWith("Not even a single image fits: choose a smaller network or input size.", MemoryAdvice.Of(NetworkSpec.Lab, new(), 100 << 20), StringComparison.Ordinal);

    [Fact]
    public void Of_TheEstimateWasWrong_StillNamesASmallerBatch() =>
        Assert.EndsWith("A batch size of 12 would fit.", MemoryAdvice.Of(NetworkSpec.Lite, new() { BatchSize = 16 }, 50L << 30), StringComparison.Ordinal);
}
