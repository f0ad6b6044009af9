using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Pneumothorax.Lab.Storage;

/// <summary>
/// Databases from before 1 December 2026. Their migrations were replaced by one first migration with the same tables, so a database that has the
/// last of them is taken over with its data: only its history is written anew.
/// </summary>
internal static class EarlierMigrations
{
    /// <summary>The last of them, on SQLite and on PostgreSQL.</summary>
    private static readonly string[] s_last = ["20261130133014_NamesSignInsAndSharing", "20261130133033_NamesSignInsAndSharing"];

    /// <param name="name">The database, as the instructor knows it.</param>
    /// <exception cref="IOException">The database is older than the last of the earlier migrations; the message says what to do.</exception>
    public static async Task TakeOverAsync(LabDbContext db, string name, CancellationToken cancellationToken)
    {
        var first = db.Database.GetMigrations().First();
        var earlier = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Where(id => string.CompareOrdinal(id, first) < 0).ToList();
        if (earlier.Count == 0) return;
        if (!earlier.Intersect(s_last).Any())
        {
            throw new IOException(
                $"The database {name} was last used by a version of the lab from before 30 November 2026, which this version cannot bring up to date. Start the version of 30 November 2026 (commit aa4706a) on it once, then this one.");
        }

        var history = db.GetService<IHistoryRepository>();
        // One transaction: a start that is cut short finds either the old history or the new one.
        var script = string.Concat(earlier.Select(history.GetDeleteScript)) + history.GetInsertScript(new(first, ProductInfo.GetVersion()));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(script, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
