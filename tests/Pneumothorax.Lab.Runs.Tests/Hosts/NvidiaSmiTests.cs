using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Hosts;

/// <summary>Answers in the forms that NVIDIA's tool has: figures, "[N/A]", and sentences where it finds nothing.</summary>
public sealed class NvidiaSmiTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void Parse_TwoGpus_TellsTheirFigures()
    {
        var gpus = NvidiaSmi.Parse(
            """
            0, GPU-5f6b8c1e-2a51-7b0f-93a4-0d3d9f2c11aa, NVIDIA H100 80GB HBM3, 20417, 81559, 63, 97, Disabled
            1, GPU-9c0d7e55-41b2-b6f8-1f0e-7a53c8d4e2bb, NVIDIA H100 80GB HBM3, 0, 81559, 29, 0, Disabled

            """);

        Assert.Equal(2, gpus.Count);
        Assert.Equal(new GpuReading(0, "GPU-5f6b8c1e-2a51-7b0f-93a4-0d3d9f2c11aa", "NVIDIA H100 80GB HBM3", 20417 * MiB, 81559 * MiB, 63, 0.97, IsDivided: false), gpus[0]);
        Assert.Equal((1, 0.0), (gpus[1].Index, gpus[1].Busy));
    }

    [Fact]
    public void Parse_DividedGpu_LeavesItsUseUnknown()
    {
        var gpu = Assert.Single(NvidiaSmi.Parse("0, GPU-1, NVIDIA A100-SXM4-40GB, 37, 40960, 33, [N/A], Enabled\n"));

        Assert.Equal((null, 33, 40960 * MiB, true), (gpu.Busy, gpu.Celsius, gpu.MemoryTotal, gpu.IsDivided));
    }

    [Theory]
    [InlineData("[N/A]")]
    [InlineData("N/A")]
    [InlineData("[Not Supported]")]
    [InlineData("[Unknown Error]")]
    [InlineData("[GPU requires reset]")]
    public void Parse_WhatItCannotTell_IsUnknown(string word)
    {
        var gpu = Assert.Single(NvidiaSmi.Parse($"0, GPU-1, NVIDIA GB10, {word}, {word}, {word}, {word}, {word}"));

        Assert.Equal(new GpuReading(0, "GPU-1", "NVIDIA GB10", null, null, null, null, IsDivided: false), gpu);
    }

    [Theory]
    [InlineData("")]
    [InlineData("No devices were found\n")]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n")]
    [InlineData("Unable to determine the device handle for GPU0000:C1:00.0: Unknown Error\n")]
    [InlineData("Field \"mig.mode.current\" is not a valid field to query.\n")]
    public void Parse_Sentence_IsNoGpu(string answer) => Assert.Empty(NvidiaSmi.Parse(answer));

    [Fact]
    public async Task Read_FromTheProgram_OrWithoutOne()
    {
        var program = await TestLab.ProgramAsync("""case "$1" in --query-gpu=index,uuid,name,*) echo "0, GPU-aa, Tesla T4, 5, 15360, 41, 12, [N/A]";; esac""");

        Assert.Equal("Tesla T4", Assert.Single(await NvidiaSmi.ReadAsync(TestContext.Current.CancellationToken, program)).Name);
        Assert.Empty(await NvidiaSmi.ReadAsync(TestContext.Current.CancellationToken, program + "-that-is-absent"));
        Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
    }

    [Fact]
    public void GpuOf_Slot_FindsItByNumberOrName()
    {
        var gpus = NvidiaSmi.Parse("0, GPU-aa, A, 0, 1, 1, 1, Disabled\n1, GPU-bb, B, 0, 1, 1, 1, Disabled\n");
        LabHost Host(params string[] devices) => new() { Name = "a", Process = "", Kind = "", Version = "", Devices = devices, Gpus = gpus };

        Assert.Equal("B", Host("0", "1").GpuOf(1)!.Name);
        Assert.Equal("A", Host("0", "1").GpuOf(2)!.Name);       // more slots than GPUs take turns
        Assert.Equal("B", Host("GPU-bb").GpuOf(0)!.Name);
        Assert.Null(Host("MIG-1234").GpuOf(0));
        Assert.Null(Host().GpuOf(0));
    }

    [Fact]
    public void Times_OfAllProcessors_PartBusyFromIdle()
    {
        Assert.Equal((190L, 1100L), HostSensors.Times("cpu  100 20 50 900 10 5 5 10 0 0"));
        Assert.Null(HostSensors.Times("intr 1 2 3"));
    }
}
