using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class GpuMemoryTests
{
    // As libtorch 2.10 words it.
    private const string OnGpu =
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8.00 GiB of which 1.50 GiB is free. Including non-PyTorch memory, this process has 6.49 GiB memory in use. "
        + "Of the allocated memory 5.00 GiB is allocated by PyTorch, and 512.00 MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting ...";

    [Fact]
    public void FreeOf_IsWhatTorchHasAndWhatNobodyHas_WithoutTheImages() =>
        Assert.Equal((7L << 30) - 1000, GpuMemory.FreeOf(OnGpu, resident: 1000));

    [Fact]
    public void FreeOf_AnotherMessage_IsUnknown() => Assert.Null(GpuMemory.FreeOf("[enforce fail at alloc_cpu.cpp:127] can't allocate memory", 0));
}
