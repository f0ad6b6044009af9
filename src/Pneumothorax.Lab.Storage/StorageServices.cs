using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Storage;

public static class StorageServices
{
    /// <summary>Contexts on the rows. The host also registers <see cref="LabPaths"/>.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, LabDatabase database)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        services.AddSingleton<DatabaseWatch>();
        services.AddSingleton<AccessChanges>();
        if (database.IsShared) services.AddPostgres(database);
        else services.AddSqlite();
        return services;
    }

    private static void AddSqlite(this IServiceCollection services) =>
        services.AddDbContextFactory<LabDbContext>((provider, options) => options
            .UseSqlite(new SqliteConnectionStringBuilder
            {
                DataSource = provider.GetRequiredService<LabPaths>().Database,
                DefaultTimeout = 15,      // seconds to wait for another writer
            }.ToString())
            .AddInterceptors(provider.GetRequiredService<AccessChanges>())
            .ConfigureWarnings(KnownWarnings));

    private static void AddPostgres(this IServiceCollection services, LabDatabase database)
    {
        services.AddDbContextFactory<PostgresLabDbContext>((provider, options) => options
            .UseNpgsql(database.ConnectionString, postgres => postgres.ExecutionStrategy(dependencies => new PatientRetries(dependencies)))
            .AddInterceptors(provider.GetRequiredService<AccessChanges>())
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
