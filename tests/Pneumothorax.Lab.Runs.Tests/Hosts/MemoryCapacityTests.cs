using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Hosts;

/// <summary>Memory at the launch and in the line.</summary>
public abstract class MemoryCapacityTests(TestLabs labs)
{
    /// <summary>71.8 GB by the estimate.</summary>
    private static readonly Hyperparameters s_huge = new() { BatchSize = 128, Width = 128, Blocks = 5, Kernel = 7, Steps = 20 };

    private static readonly Hyperparameters s_large = new() { BatchSize = 64, Steps = 20 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Launch_OfMoreThanEveryHostHas_NamesHostMemoryAndTheBatchThatFits_WhichIsAccepted()
    {
        await using var lab = await labs.OpenAsync();
        await AddHostAsync(lab, "cpu-1", 24L << 30);
        await AddHostAsync(lab, "small", 4L << 30);

        var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => LaunchAsync(lab, s_huge));

        Assert.Matches(@"^A batch of 128 needs about 7\d\.\d GB of memory here, and the host with the most, cpu-1, has only 24\.2 GB for it: a batch size of \d+ fits\.$", refusal.Message);
        Assert.False(refusal.MayPassLater);
        var batch = int.Parse(refusal.Message.Split("a batch size of ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        await LaunchAsync(lab, s_huge with { BatchSize = batch });
    }

    [Fact]
    public async Task Launch_WhereNotOneImageFits_SaysSo_AndWhereNobodyKnows_IsAccepted()
    {
        await using var lab = await labs.OpenAsync();
        await LaunchAsync(lab, s_huge);        // no host has said how it is
        await AddHostAsync(lab, "tiny", (1L << 30) + (100 << 20));

        Assert.EndsWith("not even a batch size of 1 fits. Choose a smaller network or input size.", (await Assert.ThrowsAsync<RequestRefusedException>(() => LaunchAsync(lab, s_huge))).Message, StringComparison.Ordinal);
        await AddHostAsync(lab, "large", 256L << 30);
        await LaunchAsync(lab, s_huge);
    }

    [Fact]
    public async Task Launch_OnGpus_IsMeasuredByTheirMemory()
    {
        await using var lab = await labs.OpenAsync();
        await AddHostAsync(lab, "gpu-1", 512L << 30, new GpuReading(0, "GPU-1", "A GPU", 0, 24L << 30, null, null, false));

        Assert.Contains("gpu-1, has only 25.2 GB for it", (await Assert.ThrowsAsync<RequestRefusedException>(() => LaunchAsync(lab, s_huge))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_OnAHostWithLessMemory_LeavesTheRunInLine_AndSmallerOnesPass()
    {
        await using var lab = await labs.OpenAsync();
        await AddHostAsync(lab, lab.Get<ThisHost>().Name, 4L << 30);
        await AddHostAsync(lab, "large", 64L << 30);
        var (large, small) = (await LaunchAsync(lab, s_large), await LaunchAsync(lab, new() { Steps = 20 }, "lite"));

        Assert.Equal(small.Id, (await lab.Transitions.TryClaimAsync("job 1", 0, Token))!.Run.Id);
        Assert.Null(await lab.Transitions.TryClaimAsync("job 2", 1, Token));
        Assert.Equal(MemoryRoom.There, (await lab.Line.ReadAsync(Token)).InOrder.Single(run => run.RunId == large.Id).Room);
        await RemoveHostAsync(lab, "large");
        Assert.Equal(MemoryRoom.Nowhere, (await lab.Line.ReadAsync(Token)).InOrder.Single(run => run.RunId == large.Id).Room);
    }

    [Fact]
    public async Task Claim_WhileOthersLeaveTooLittle_WaitsForThem_AndSmallerOnesDoNotOvertake()
    {
        await using var lab = await labs.OpenAsync();
        var needed = NetworkSpec.Lab.TrainingBytes(s_large);
        await AddHostAsync(lab, lab.Get<ThisHost>().Name, needed * 3 / 2 + (2L << 30), slots: 2);
        var (first, second) = (await LaunchAsync(lab, s_large), await LaunchAsync(lab, s_large));
        await LaunchAsync(lab, new() { Steps = 20 }, "lite");
        var running = (await lab.Transitions.TryClaimAsync("job 1", 0, Token))!.Run;
        Assert.Equal(first.Id, running.Id);

        Assert.Null(await lab.Transitions.TryClaimAsync("job 2", 1, Token));
        Assert.Equal(MemoryRoom.Later, (await lab.Line.ReadAsync(Token)).InOrder.Single(run => run.RunId == second.Id).Room);

        await lab.Transitions.EndAsync(running, RunState.Completed, null, Token);
        Assert.Equal(second.Id, (await lab.Transitions.TryClaimAsync("job 2", 1, Token))!.Run.Id);
    }

    [Fact]
    public async Task Waiting_OfARunThatFitsNowhere_IsWorthNoJob_UntilAHostOrTheLineChanges()
    {
        await using var lab = await labs.OpenAsync();
        var (large, small) = (await LaunchAsync(lab, s_large), await LaunchAsync(lab, new() { Steps = 20 }, "lite"));
        Assert.Equal([large.Id, small.Id], await lab.Transitions.WaitingAsync(Token));        // no host has said how it is
        await AddHostAsync(lab, "little", 4L << 30);
        Assert.Equal([small.Id], await lab.Transitions.WaitingAsync(Token));
        await lab.Launcher.CancelAsync(small.Id, TestLab.Instructor, Token);
        Assert.Empty(await lab.Transitions.WaitingAsync(Token));

        await AddHostAsync(lab, "large", 64L << 30);

        Assert.Equal([large.Id], await lab.Transitions.WaitingAsync(Token));
        await lab.Control.PauseAsync(null, TestLab.Instructor, Token);
        Assert.Empty(await lab.Transitions.WaitingAsync(Token));
        await lab.Control.GoOnAsync(TestLab.Instructor, Token);
        await lab.Control.DrainAsync("large", TestLab.Instructor, Token);
        Assert.Empty(await lab.Transitions.WaitingAsync(Token));
    }

    [Fact]
    public async Task Waiting_WhileOthersLeaveTooLittle_IsWorthNoJob_AndBehindTakenSlotsItIs()
    {
        await using var lab = await labs.OpenAsync();
        var needed = NetworkSpec.Lab.TrainingBytes(s_large);
        await AddHostAsync(lab, lab.Get<ThisHost>().Name, needed * 3 / 2 + (2L << 30), slots: 2);
        var (first, second, third) = (await LaunchAsync(lab, s_large), await LaunchAsync(lab, s_large), await LaunchAsync(lab, new() { Steps = 20 }, "lite"));
        Assert.Equal([first.Id], await lab.Transitions.WaitingAsync(Token));
        var running = (await lab.Transitions.TryClaimAsync("job 1", 0, Token))!.Run;
        Assert.Empty(await lab.Transitions.WaitingAsync(Token));

        await lab.Transitions.EndAsync(running, RunState.Completed, null, Token);
        await lab.Launcher.CancelAsync(second.Id, TestLab.Instructor, Token);
        var (fourth, fifth) = (await LaunchAsync(lab, new() { Steps = 20 }, "lite"), await LaunchAsync(lab, new() { Steps = 20 }, "lite"));
        Assert.Equal([third.Id, fourth.Id, fifth.Id], await lab.Transitions.WaitingAsync(Token));
    }

    private static Task<Run> LaunchAsync(TestLab lab, Hyperparameters hyperparameters, string network = "lab") =>
        lab.Launcher.LaunchAsync(new("", "xray", network, hyperparameters), TestLab.Instructor, Token);

    private static async Task AddHostAsync(TestLab lab, string name, long memory, GpuReading? gpu = null, int slots = 1)
    {
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        var now = DateTimeOffset.UtcNow;
        db.Hosts.Add(new()
        {
            Name = name,
            Process = "p",
            Kind = ThisHost.Worker,
            Version = "1",
            Slots = slots,
            StartedAt = now,
            SeenAt = now.AddMinutes(1),        // the test may take a while
            MemoryTotal = memory,
            Devices = gpu is null ? [] : ["0"],
            Gpus = gpu is null ? [] : [gpu],
        });
        await db.SaveChangesAsync(Token);
    }

    private static async Task RemoveHostAsync(TestLab lab, string name)
    {
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        await db.Hosts.Where(host => host.Name == name).ExecuteDeleteAsync(Token);
    }
}

public sealed class EmbeddedMemoryCapacityTests() : MemoryCapacityTests(TestLabs.Embedded);

public sealed class ScaledOutMemoryCapacityTests(PostgresServer server) : MemoryCapacityTests(new TestLabs(server));
