using System.Diagnostics;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Hangfire.States;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>
/// Hands waiting runs to the agent, as many at once as there are slots. Hangfire's queue may be lost: the rows are the truth, and every
/// start fills the queue from them. It lies in memory, or on the PostgreSQL server that portals and workers share.
/// </summary>
internal sealed class RunQueue(
    IServiceProvider services, IDbContextFactory<LabDbContext> contexts, RunTransitions transitions, RunFeed feed, LabDatabase database, LabPaths paths,
    GpuSlots slots, ThisHost self, QueueLimits limits, ILogger<RunQueue> logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>After this time without a word from its host a run goes back into the queue. With the time between looks it is under 30 seconds.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(22);

    /// <summary>Hangfire's own hold on a job.</summary>
    private static readonly TimeSpan s_jobHeld = TimeSpan.FromSeconds(30);

    /// <summary>After a time in which the database was away, hosts have this time to say that they live.</summary>
    private static readonly TimeSpan s_toReport = TimeSpan.FromSeconds(10);

    internal static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly JobStorage _storage = database.IsShared ? OnServer(database) : new InMemoryStorage(new InMemoryStorageOptions());
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private Task _refilling = Task.CompletedTask;
    private Task? _stopping;
    private BackgroundJobServer? _server;

    public JobStorage Storage => _storage;

    /// <summary>This host ends.</summary>
    public CancellationToken Ending => _end.Token;

    /// <summary>Says that one more run waits. Which one is next, the rows tell.</summary>
    public void Enqueue() => new BackgroundJobClient(_storage).Enqueue<RunJob>(job => job.ExecuteAsync(null!, CancellationToken.None));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await PendingDeletion.SweepAsync(paths, contexts, cancellationToken);
        await WriteLimitsAsync(cancellationToken);
        // On a server others may be at work on what is under way.
        var waiting = database.IsShared ? await transitions.WaitingAsync(cancellationToken) : await transitions.RecoverAsync(cancellationToken);
        foreach (var _ in waiting) Enqueue();
        _refilling = RefillAsync(_end.Token);
    }

    /// <summary>Once the portal answers: a training that goes on would only make everybody wait for that.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (slots.Count == 0) return Task.CompletedTask;
        _server = new(
            new BackgroundJobServerOptions
            {
                WorkerCount = slots.Count,
                Activator = new ServiceActivator(services),
                ShutdownTimeout = TimeSpan.FromSeconds(15),
                // By default a host whose clock is five minutes ahead would strike the others off, and they would drop what they train. Who is
                // lost, the server's clock says: LostAfter.
                ServerTimeout = TimeSpan.FromHours(24),
            },
            _storage);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Once: a host that is stopped from two sides at a time asks twice, and is gone when the first answer is there.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _stopping ??= StopOnceAsync(cancellationToken);
    }

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync();
        await _refilling;
        if (_server is null) return;
        _server.SendStop();
        await _server.WaitForShutdownAsync(cancellationToken);
    }

    /// <returns>False when the queue cannot be asked.</returns>
    public bool Answers()
    {
        try
        {
            _storage.GetMonitoringApi().EnqueuedCount(EnqueuedState.DefaultQueue);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _server?.Dispose();
        (_storage as IDisposable)?.Dispose();
        _end.Dispose();
    }

    private static PostgreSqlStorage OnServer(LabDatabase database)
    {
        var options = new PostgreSqlStorageOptions
        {
            // The tables are made by DatabaseSetup, under a lock.
            PrepareSchemaIfNecessary = false,
            // Off by default: a training of an hour would then be given out a second time while it goes on.
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = s_jobHeld,
            QueuePollInterval = TimeSpan.FromSeconds(1),
        };
        return new(new NpgsqlConnectionFactory(database.ConnectionString, options), options);
    }

    /// <summary>A portal's settings hold for all; a worker takes them as they are.</summary>
    private async Task WriteLimitsAsync(CancellationToken cancellationToken)
    {
        if (self.Kind != ThisHost.Portal) return;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Queue.ExecuteUpdateAsync(
            set => set
                .SetProperty(queue => queue.RunningEach, limits.RunningEach)
                .SetProperty(queue => queue.WaitingEach, limits.WaitingEach)
                .SetProperty(queue => queue.RunMinutes, limits.RunMinutes)
                .SetProperty(queue => queue.FairHours, limits.FairHours), cancellationToken);
    }

    /// <summary>Puts right what lost hosts leave behind, and jobs that found nothing to do while the queue was paused.</summary>
    private async Task RefillAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(BetweenLooks);
        var answered = Stopwatch.StartNew();
        var reporting = TimeSpan.Zero;      // since the database answers again
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                try
                {
                    if (database.IsShared)
                    {
                        reporting = answered.Elapsed < 2 * BetweenLooks ? reporting + answered.Elapsed : TimeSpan.Zero;
                        answered.Restart();
                        if (reporting >= s_toReport) await ReturnLostRunsAsync(end);
                        await ReturnLostJobsAsync(end);
                    }
                    // A host can be lost between a row and its place in the queue. Where nothing is left in the queue, nothing may wait.
                    if (_storage.GetMonitoringApi().EnqueuedCount(EnqueuedState.DefaultQueue) > 0) continue;
                    foreach (var _ in await transitions.WaitingAsync(end)) Enqueue();
                }
                catch (Exception exception) when (LabDatabase.IsTroubled(exception))
                {
                    logger.LogWarning("The queue cannot be checked at the moment: {Reason}", exception.Message);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
    }

    /// <summary>A host that is lost may have a successor, which takes another run first: what it had at work goes back by its own heartbeat, not with the job.</summary>
    private async Task ReturnLostRunsAsync(CancellationToken end)
    {
        foreach (var run in await transitions.ReturnLostAsync(LostAfter, end))
        {
            logger.LogWarning("Host {Host} of run {Run} was lost; the run is {State}", run.Host, run.Id, run.State);
            feed.PublishState(run);
            if (run.State == RunState.Queued) Enqueue();
        }
    }

    /// <summary>Hangfire gives a lost host's job to another one only when nothing else waits, which in a class can take hours. This puts it
    /// back to where it was, by the server's clock.</summary>
    private async Task ReturnLostJobsAsync(CancellationToken end)
    {
        await using var db = await contexts.CreateDbContextAsync(end);
        await db.Database.ExecuteSqlAsync($"UPDATE hangfire.jobqueue SET fetchedat = NULL WHERE fetchedat < now() - {s_jobHeld}", end);
    }

    /// <summary>Hangfire's own activator wants a constructor without parameters.</summary>
    private sealed class ServiceActivator(IServiceProvider services) : JobActivator
    {
        public override object ActivateJob(Type jobType) => services.GetRequiredService(jobType);
    }
}

/// <summary>Where Hangfire keeps the queue's jobs, for its own pages.</summary>
public sealed record QueueJobs(JobStorage Storage);
