using Hangfire.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs;

public static class RunsServices
{
    /// <summary>Records, queue, agent and feed. The host also registers <see cref="LabPaths"/>, <see cref="LabDatabase"/>,
    /// <see cref="LabExecutable"/> and <see cref="GpuSlots"/>, and a portal <see cref="TrainingImages"/>.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services, LabDatabase database)
    {
        services.AddStorage(database);
        services.TryAddSingleton(new ThisHost());
        services.AddMetrics();
        services.AddSingleton<LabTelemetry>();
        services.AddSingleton<RunTransitions>();
        services.TryAddSingleton(new QueueLimits());
        services.AddSingleton<Audit>();
        services.TryAddSingleton(LaunchRate.Default);
        services.AddSingleton<LaunchPolicy>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<CourseworkNotifier>();
        services.AddSingleton<RunFeed>();
        services.TryAddSingleton(SilenceLimit.Default);
        services.TryAddSingleton(new MemoryKills());
        services.AddSingleton<RunAgent>();
        services.AddSingleton<RunQueue>();
        services.AddSingleton(p => new QueueJobs(p.GetRequiredService<RunQueue>().Storage));
        services.AddSingleton<QueueControl>();
        services.AddSingleton<QueueReader>();
        services.AddSingleton<DrawingNotice>();
        services.AddSingleton<ReferenceRun>();
        services.AddSingleton<SpeedProbe>();
        services.AddSingleton(p => new RunJob(
            p.GetRequiredService<RunAgent>(), p.GetRequiredService<RunQueue>(), p.GetRequiredService<RunTransitions>()));
        services.AddSingleton(p => new RunLauncher(
            p.GetRequiredService<IDbContextFactory<LabDbContext>>(), p.GetRequiredService<RunStore>(), p.GetRequiredService<RunTransitions>(),
            p.GetRequiredService<RunQueue>(), p.GetRequiredService<RunAgent>(), p.GetRequiredService<RunFeed>(),
            p.GetRequiredService<TrainingImages>(), p.GetRequiredService<LaunchPolicy>(), p.GetRequiredService<Audit>(), p.GetRequiredService<TimeProvider>()));
        services.AddHostedService<DatabaseSetup>();
        if (database.IsShared)
        {
            services.AddSingleton(new ServerTables(connection => PostgreSqlObjectsInstaller.Install(connection)));
            services.AddHostedService<PostgresNotifier>();
        }
        services.AddHostedService(p => p.GetRequiredService<RunQueue>());
        services.AddHostedService<HostReporter>();
        services.AddReadiness();
        return services;
    }
}
