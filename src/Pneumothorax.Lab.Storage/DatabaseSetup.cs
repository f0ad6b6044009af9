using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Storage;

/// <summary>Tables of a library that are kept in the lab's PostgreSQL database.</summary>
/// <param name="Make">Makes those that are not there yet, on an open connection.</param>
public sealed record ServerTables(Action<NpgsqlConnection> Make);

/// <summary>Brings the database to this version's tables before anything reads it.</summary>
public sealed partial class DatabaseSetup(
    IDbContextFactory<LabDbContext> contexts, LabDatabase database, LabPaths paths, IEnumerable<ServerTables> others, ILogger<DatabaseSetup> log) : IHostedLifecycleService
{
    /// <summary>Any number, the same on every host.</summary>
    private const long OneSetup = 0x70_74_78_02;

    /// <exception cref="IOException">The file is damaged, or the PostgreSQL server does not serve the database; the message says what to mend.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.DataDirectory);
        if (!database.IsShared)
        {
            if (SqliteIntegrity.CheckLog(paths) is { } line) LogCutShort(log, line);
            SqliteIntegrity.Check(paths);
            // Also switches a new file to WAL, so that readers never wait for the agent.
            await MigrateAsync(cancellationToken);
            return;
        }
        try
        {
            await SetUpServerAsync(cancellationToken);
        }
        catch (Exception exception) when (database.Refusal(exception) is { } line)
        {
            throw new IOException(line);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Several portals may start at once: one makes the tables, its own and the queue's, while the others wait at the lock.</summary>
    private async Task SetUpServerAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var guard = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection)
        {
            Parameters = { new() { Value = OneSetup } },
            CommandTimeout = 0,
        };
        await guard.ExecuteNonQueryAsync(cancellationToken);
        // Else the first start on an empty database logs that the table of migrations is not there.
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken)) await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
        await MigrateAsync(cancellationToken);
        foreach (var tables in others) tables.Make(connection);
        await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = OneSetup } } };
        await release.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await EarlierMigrations.TakeOverAsync(db, database.Name ?? paths.Database, cancellationToken);
        // Written by a newer version of the lab, which knows what this one does not: nothing of it may be changed.
        if ((await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(db.Database.GetMigrations()).LastOrDefault() is { } unknown)
        {
            throw new IOException(
                $"The database {database.Name ?? paths.Database} belongs to a newer version of the lab ({unknown}; this is {LabVersion.Text}). Start that version here as well.");
        }
        await db.Database.MigrateAsync(cancellationToken);
        if (await MemberNames.FillKeysAsync(db, cancellationToken) is { Count: > 0 } alike) LogAlike(log, string.Join(", ", alike));
    }

    [LoggerMessage(LogLevel.Warning, "{Line}")]
    private static partial void LogCutShort(ILogger log, string line);

    [LoggerMessage(LogLevel.Warning, "Members whose names look like the name of an earlier member: {Names}. All of them keep their names and sign-ins.")]
    private static partial void LogAlike(ILogger log, string names);
}
