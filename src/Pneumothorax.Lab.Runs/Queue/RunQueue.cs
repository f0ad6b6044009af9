using Hangfire;
using Hangfire.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>
/// Hands waiting runs to the agent, as many at once as there are slots. Hangfire's queue is in memory and may be lost:
/// the database is the truth, and every start fills the queue from it.
/// </summary>
internal sealed class RunQueue(IServiceProvider services, RunTransitions transitions, LabPaths paths, GpuSlots slots)
    : IHostedLifecycleService, IDisposable
{
    private readonly InMemoryStorage _storage = new(new InMemoryStorageOptions());
    private BackgroundJobServer? _server;

    public void Enqueue(int runId) =>
        new BackgroundJobClient(_storage).Enqueue<RunJob>(job => job.ExecuteAsync(runId, CancellationToken.None));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        FolderAside.Sweep(paths.Runs);
        foreach (var run in await transitions.RecoverAsync(cancellationToken)) Enqueue(run);
    }

    /// <summary>Once the portal answers: a training that goes on would only make everybody wait for that.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _server = new(
            new BackgroundJobServerOptions
            {
                WorkerCount = slots.Count,
                Activator = new ServiceActivator(services),
                ShutdownTimeout = TimeSpan.FromSeconds(15),
            },
            _storage);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null) return;
        _server.SendStop();
        await _server.WaitForShutdownAsync(cancellationToken);
    }

    public void Dispose()
    {
        _server?.Dispose();
        _storage.Dispose();
    }

    /// <summary>Hangfire's own activator wants a constructor without parameters.</summary>
    private sealed class ServiceActivator(IServiceProvider services) : JobActivator
    {
        public override object ActivateJob(Type jobType) => services.GetRequiredService(jobType);
    }
}
