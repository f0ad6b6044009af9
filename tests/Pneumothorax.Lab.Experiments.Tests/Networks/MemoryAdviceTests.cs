using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Tests.Networks;

public sealed class MemoryAdviceTests
{
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

    [Theory]
    [InlineData("terminate called after throwing an instance of 'std::bad_alloc'")]
    [InlineData("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 536870912 bytes.")]
    [InlineData("DefaultCPUAllocator: not enough memory: you tried to allocate 4294967296 bytes.")]
    [InlineData("Out of memory.")]
    [InlineData("libgomp: Out of memory allocating 1024 bytes")]
    public void Tells_WordsOfTorchAndTheRuntimes(string line) => Assert.True(MemoryAdvice.Tells(line));

    [Fact]
    public void Tells_AnotherFault_No() => Assert.False(MemoryAdvice.Tells("libtorch is missing"));
}
