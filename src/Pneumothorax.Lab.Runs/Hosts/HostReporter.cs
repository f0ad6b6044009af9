using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Hosts;

/// <summary>Writes this host's row every few seconds, and now and then counts what the runs take up on the disk.</summary>
internal sealed class HostReporter(
    IDbContextFactory<LabDbContext> contexts, ThisHost self, GpuSlots slots, LabPaths paths, TimeProvider clock, ILogger<HostReporter> logger) : BackgroundService
{
    private static readonly TimeSpan s_betweenWords = TimeSpan.FromSeconds(3);

    /// <summary>Some thousand folders on a shared mount take a while.</summary>
    private static readonly TimeSpan s_betweenCounts = TimeSpan.FromMinutes(10);

    private readonly HostSensors _sensors = new();
    private readonly Lock _gate = new();
    private Task? _stopping;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _sensors.CpuLoad();
        if (slots.Count > 0) await contexts.WriteAsync(db => TakeNameAsync(db, cancellationToken), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Once, as with <see cref="RunQueue.StopAsync"/>.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _stopping ??= LeaveAsync(cancellationToken);
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var now = await db.NowAsync(clock, cancellationToken);
            await db.Hosts.Where(host => host.Process == self.Process).ExecuteUpdateAsync(set => set.SetProperty(host => host.LeftAt, now), cancellationToken);
        }
        catch (Exception exception) when (LabDatabase.IsTroubled(exception) || exception is OperationCanceledException)
        {
            // Then it counts as gone after some seconds.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_betweenWords, clock);
        do
        {
            try
            {
                if (slots.Count > 0) await SayAsync(stoppingToken);
                if (await IsToCountAsync(stoppingToken)) await CountAsync(stoppingToken);
            }
            // Also when the directory of the runs is away: a mount that comes back must not find this host ended.
            catch (Exception exception) when (LabDatabase.IsTroubled(exception) || exception is IOException or UnauthorizedAccessException)
            {
                logger.LogWarning("The state of this host cannot be reported at the moment: {Reason}", exception.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
        while (await IsNextAsync(timer, stoppingToken));
    }

    /// <summary>A process that ended, or that was not heard of for some seconds, leaves its name to the next one of its machine.</summary>
    private async Task<bool> TakeNameAsync(LabDbContext db, CancellationToken cancellationToken)
    {
        var now = await db.NowAsync(clock, cancellationToken);
        var machine = ThisHost.Cut(Environment.MachineName);
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? machine : $"{machine}-{number}";
            var row = await db.Hosts.SingleOrDefaultAsync(host => host.Name == name, cancellationToken);
            if (row is not null && row.IsUp(now) && row.Process != self.Process) continue;

            if (row is null) db.Hosts.Add(row = new() { Name = name, Process = "", Kind = "", Version = "" });
            (row.Process, row.Kind, row.Version, row.Slots) = (self.Process, self.Kind, ThisHost.Version, slots.Count);
            (row.StartedAt, row.SeenAt, row.LeftAt) = (now, now, null);
            (row.Devices, row.Gpus, row.Processors) = (slots.Devices, [], Environment.ProcessorCount);
            (row.MemoryUsed, row.MemoryTotal) = HostSensors.Memory();
            await db.SaveChangesAsync(cancellationToken);
            self.Name = name;
            return true;
        }
    }

    private async Task SayAsync(CancellationToken cancellationToken)
    {
        var gpus = slots.Devices.Count > 0 ? await NvidiaSmi.ReadAsync(cancellationToken) : [];
        var (load, (used, total), free) = (_sensors.CpuLoad(), HostSensors.Memory(), HostSensors.DiskFree(paths.DataDirectory));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(clock, cancellationToken);
        if (await db.Hosts.SingleOrDefaultAsync(host => host.Name == self.Name && host.Process == self.Process, cancellationToken) is not { } row)
        {
            // It was silent for so long that somebody cleared it away, or another process has its name now.
            await contexts.WriteAsync(write => TakeNameAsync(write, cancellationToken), cancellationToken);
            return;
        }
        (row.SeenAt, row.LeftAt, row.Gpus, row.DiskFree) = (now, null, gpus, free);
        (row.CpuLoad, row.MemoryUsed, row.MemoryTotal) = (load, used, total);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>True for one of all hosts, every few minutes.</returns>
    private async Task<bool> IsToCountAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(clock, cancellationToken);
        var before = now - s_betweenCounts;
        return 1 == await db.Queue.Where(queue => queue.RunsCountedAt == null || queue.RunsCountedAt < before)
            .ExecuteUpdateAsync(set => set.SetProperty(queue => queue.RunsCountedAt, now), cancellationToken);
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        var bytes = await Task.Run(() => new RunFolder(paths.Runs).Size(), cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Queue.ExecuteUpdateAsync(set => set.SetProperty(queue => queue.RunsBytes, bytes), cancellationToken);
    }

    private static async Task<bool> IsNextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try { return await timer.WaitForNextTickAsync(stop); }
        catch (OperationCanceledException) { return false; }
    }
}
