using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Storage;

/// <summary>Brings the database to this version's tables before anything reads it.</summary>
internal sealed class DatabaseSetup(IDbContextFactory<LabDbContext> contexts, LabPaths paths) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.DataDirectory);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Also switches a new file to WAL, so that readers never wait for the agent.
        await db.Database.MigrateAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
