using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Auditing;
using Pneumothorax.Lab.Runs.Courses;
using Pneumothorax.Lab.Runs.Coursework;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.OwnImages;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Storage;
using Pneumothorax.Lab.Runs.Telemetry;

namespace Pneumothorax.Lab.Runs;

public static class RunsServices
{
    /// <summary>Records, queue, agent and feed. The host also registers <see cref="LabPaths"/>, <see cref="LabDatabase"/>,
    /// <see cref="LabExecutable"/> and <see cref="GpuSlots"/>, and a portal <see cref="TrainingImages"/>.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services, LabDatabase database)
    {
        services.AddRows(database);
        services.TryAddSingleton(new QueueLimits());
        services.AddSingleton<Audit>();
        services.AddSingleton<CourseStore>();
        services.AddSingleton<CourseDatasets>();
        services.TryAddSingleton(LaunchRate.Default);
        services.AddSingleton<LaunchGate>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<CourseworkChanges>();
        services.AddSingleton<AttemptStore>();
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<PinStore>();
        services.AddSingleton<RunFeed>();
        services.TryAddSingleton(SilenceLimit.Default);
        services.TryAddSingleton(new MemoryKills());
        services.AddSingleton<RunAgent>();
        services.AddSingleton<RunQueue>();
        services.AddSingleton(p => new QueueJobs(p.GetRequiredService<RunQueue>().Storage));
        services.AddSingleton<QueueControl>();
        services.AddSingleton<LineReader>();
        services.AddSingleton<DrawingNotice>();
        services.AddSingleton<ReferenceRun>();
        services.AddSingleton<SpeedProbe>();
        services.AddSingleton(p => new RunJob(
            p.GetRequiredService<RunAgent>(), p.GetRequiredService<RunQueue>(), p.GetRequiredService<RunTransitions>()));
        services.AddSingleton(p => new RunLauncher(
            p.GetRequiredService<IDbContextFactory<LabDbContext>>(), p.GetRequiredService<RunStore>(), p.GetRequiredService<RunTransitions>(),
            p.GetRequiredService<RunQueue>(), p.GetRequiredService<RunAgent>(), p.GetRequiredService<RunFeed>(),
            p.GetRequiredService<TrainingImages>(), p.GetRequiredService<LaunchGate>(), p.GetRequiredService<Audit>(), p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(new OwnImageLimits());
        services.AddSingleton<OwnImageStore>();
        services.AddSingleton<PictureReader>();
        services.AddSingleton<OwnImageDesk>();
        services.AddSingleton<StudentErasure>();
        services.AddSingleton<PurgeStore>();
        services.AddHostedService<DatabaseSetup>();
        if (database.IsShared) services.AddHostedService<FeedRelay>();
        services.AddHostedService(p => p.GetRequiredService<RunQueue>());
        services.AddHostedService<HostReporter>();
        services.AddReadiness();
        return services;
    }

    /// <summary>Contexts on the rows, and what changes the state of runs.</summary>
    internal static IServiceCollection AddRows(this IServiceCollection services, LabDatabase database)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new ThisHost());
        services.AddSingleton(database);
        services.AddSingleton<DatabaseWatch>();
        if (database.IsShared) services.AddPostgres(database);
        else services.AddSqlite();
        services.AddMetrics();
        services.AddSingleton<LabTelemetry>();
        services.AddSingleton<RunTransitions>();
        return services;
    }

    private static void AddSqlite(this IServiceCollection services) =>
        services.AddDbContextFactory<LabDbContext>((provider, options) => options
            .UseSqlite(new SqliteConnectionStringBuilder
            {
                DataSource = provider.GetRequiredService<LabPaths>().Database,
                DefaultTimeout = 15,      // seconds to wait for another writer
            }.ToString())
            .ConfigureWarnings(KnownWarnings));

    private static void AddPostgres(this IServiceCollection services, LabDatabase database)
    {
        services.AddDbContextFactory<PostgresLabDbContext>(options => options
            .UseNpgsql(database.ConnectionString, postgres => postgres.ExecutionStrategy(dependencies => new PatientRetries(dependencies)))
            .ConfigureWarnings(KnownWarnings));
        services.AddSingleton<IDbContextFactory<LabDbContext>>(provider =>
            new PostgresFactory(provider.GetRequiredService<IDbContextFactory<PostgresLabDbContext>>()));
        services.AddScoped<LabDbContext>(provider => provider.GetRequiredService<PostgresLabDbContext>());
    }

    /// <summary>EF Core's own factory is of one type exactly.</summary>
    private sealed class PostgresFactory(IDbContextFactory<PostgresLabDbContext> contexts) : IDbContextFactory<LabDbContext>
    {
        public LabDbContext CreateDbContext() => contexts.CreateDbContext();
    }

    /// <summary>Whether the migrations are complete is a question for a test, not for every start.</summary>
    private static void KnownWarnings(WarningsConfigurationBuilder warnings) => warnings.Ignore(RelationalEventId.PendingModelChangesWarning);
}
