using Microsoft.EntityFrameworkCore;

namespace Pneumothorax.Lab.Storage;

public static class LabWrites
{
    /// <summary>Any number, the same on every host.</summary>
    private const long OneWriter = 0x70_74_78_01;

    /// <summary>
    /// Runs a look and the writes that rely on it as one transaction, one writer at a time. SQLite lets only one in anyway; on
    /// PostgreSQL they queue for a lock that goes with the transaction.
    /// </summary>
    /// <param name="work">Done anew, with a fresh context, when the server went away in the middle.</param>
    public static async Task<T> WriteAsync<T>(
        this IDbContextFactory<LabDbContext> contexts, Func<LabDbContext, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var first = await contexts.CreateDbContextAsync(cancellationToken);
        return await first.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({OneWriter})", cancellationToken);
            var result = await work(db);
            await transaction.CommitAsync(cancellationToken);
            return result;
        });
    }

    /// <summary>The time that all hosts agree on: the server's. Where rows are in a file, this host's.</summary>
    public static async Task<DateTimeOffset> NowAsync(this LabDbContext db, TimeProvider clock, CancellationToken cancellationToken) =>
        db.Database.IsNpgsql()
            ? DateTimeOffset.FromUnixTimeMilliseconds(await db.Database
                .SqlQuery<long>($"SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS \"Value\"").SingleAsync(cancellationToken))
            : clock.GetUtcNow();

    /// <summary>On SQLite: a write that a power cut may undo, and that is not waited for. A process that is killed loses nothing.</summary>
    internal static async Task<IAsyncDisposable?> WithoutDiskAsync(LabDbContext db, CancellationToken cancellationToken)
    {
        if (!db.Database.IsSqlite()) return null;
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA synchronous = NORMAL", cancellationToken);
        return new DiskAgain(db);
    }

    /// <summary>The connection goes back to those that others use.</summary>
    private sealed class DiskAgain(LabDbContext db) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA synchronous = FULL");
            await db.Database.CloseConnectionAsync();
        }
    }
}
