using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs;

/// <summary>Whether a host can serve: database, data directory and queue answer.</summary>
internal static class Readiness
{
    /// <summary>More than a database is given to answer, and less than whoever asks waits.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public static void AddReadiness(this IServiceCollection services)
    {
        var checks = services.AddHealthChecks();
        Add(checks, "database", DatabaseAnswersAsync);
        Add(checks, "data directory", (services, _) => Task.FromResult(CanWrite(services.GetRequiredService<LabPaths>())));
        // The queue lies in the database. Without one its question would hold a thread until the next connection is given up, and the answer
        // to whoever asks would come so late that a short absence of the database is never told.
        Add(checks, "queue", async (services, cancellationToken) =>
            await DatabaseAnswersAsync(services, cancellationToken) && await Task.Run(services.GetRequiredService<RunQueue>().Answers, cancellationToken));
    }

    private static async Task<bool> DatabaseAnswersAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<LabDatabase>().IsShared) return await services.GetRequiredService<DatabaseWatch>().AskAsync(cancellationToken);
        await using var db = await services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(cancellationToken);
        return await db.Database.CanConnectAsync(cancellationToken);
    }

    private static bool CanWrite(LabPaths paths)
    {
        try
        {
            // A mount that is gone, or a full disk.
            var probe = Path.Combine(paths.DataDirectory, $".ready-{Guid.NewGuid():N}");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.WriteByte(1);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Add(IHealthChecksBuilder checks, string name, Func<IServiceProvider, CancellationToken, Task<bool>> answers) =>
        checks.Add(new(name, services => new Check(services, answers), HealthStatus.Unhealthy, tags: null, s_patience));

    private sealed class Check(IServiceProvider services, Func<IServiceProvider, CancellationToken, Task<bool>> answers) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                return await answers(services, cancellationToken).WaitAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
            }
            catch (Exception exception) when (exception is OperationCanceledException || LabDatabase.IsAway(exception))
            {
                return HealthCheckResult.Unhealthy();       // not in time
            }
        }
    }
}
