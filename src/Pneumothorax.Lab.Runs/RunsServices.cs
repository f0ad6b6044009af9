using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Coursework;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Runs;

public static class RunsServices
{
    /// <summary>Records, queue, agent and feed. The host also registers <see cref="LabPaths"/>, <see cref="TrainingImages"/>,
    /// <see cref="LabExecutable"/> and <see cref="GpuSlots"/>.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddDbContextFactory<LabDbContext>((provider, options) => options
            .UseSqlite(new SqliteConnectionStringBuilder
            {
                DataSource = provider.GetRequiredService<LabPaths>().Database,
                DefaultTimeout = 15,      // seconds to wait for another writer
            }.ToString())
            // Whether the migrations are complete is a question for a test, not for every start.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        services.AddSingleton<RunStore>();
        services.AddSingleton<CourseworkChanges>();
        services.AddSingleton<AttemptStore>();
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<PinStore>();
        services.AddSingleton<RunFeed>();
        services.AddSingleton<RunTransitions>();
        services.AddSingleton<RunAgent>();
        services.AddSingleton<RunQueue>();
        services.AddSingleton<ReferenceRun>();
        services.AddSingleton<SpeedProbe>();
        services.AddSingleton(p => new RunJob(
            p.GetRequiredService<RunAgent>(), p.GetRequiredService<RunQueue>(), p.GetRequiredService<RunTransitions>()));
        services.AddSingleton(p => new RunLauncher(
            p.GetRequiredService<IDbContextFactory<LabDbContext>>(), p.GetRequiredService<RunStore>(), p.GetRequiredService<RunTransitions>(),
            p.GetRequiredService<RunQueue>(), p.GetRequiredService<RunAgent>(), p.GetRequiredService<RunFeed>(),
            p.GetRequiredService<TrainingImages>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<StudentErasure>();
        services.AddHostedService<DatabaseSetup>();
        services.AddHostedService(p => p.GetRequiredService<RunQueue>());
        return services;
    }
}
