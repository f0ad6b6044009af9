using Microsoft.EntityFrameworkCore;

namespace Pneumothorax.Lab.Runs.Storage;

internal static class DatabaseClock
{
    /// <summary>What time it is for every host alike: a PostgreSQL server's own clock. With a file there is one host, and its clock counts.</summary>
    public static async Task<DateTimeOffset> NowAsync(this LabDbContext db, TimeProvider clock, CancellationToken cancellationToken) =>
        db.Database.IsNpgsql()
            ? DateTimeOffset.FromUnixTimeMilliseconds(await db.Database
                .SqlQuery<long>($"""SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "Value" """).SingleAsync(cancellationToken))
            : clock.GetUtcNow();
}
