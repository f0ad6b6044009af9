using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Tests.Storage;

/// <summary>What readers are told depends on what lies under an exception: a full disk, a database that is away, or a fault of the lab.</summary>
public sealed class LabDatabaseTests
{
    public static TheoryData<Exception, bool, bool> Troubles => new()
    {
        { new IOException("No space left on device", 28), true, false },
        { new DbUpdateException("Saving failed.", new SqliteException("database or disk is full", 13)), true, false },
        { new InvalidOperationException("Reading failed.", new PostgresException("disk full", "ERROR", "ERROR", PostgresErrorCodes.DiskFull)), true, false },
        { new InvalidOperationException("Likely transient.", new NpgsqlException("Failed to connect", new TimeoutException())), false, true },
        { new PostgresException("the database system is shutting down", "FATAL", "FATAL", PostgresErrorCodes.CannotConnectNow), false, true },
        { new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation), false, false },
        { new IOException("Is a directory", 21), false, false },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void Trouble_IsTold(Exception exception, bool isFull, bool isUnreachable) =>
        Assert.Equal((isFull, isUnreachable), (LabDatabase.IsFull(exception), LabDatabase.IsUnreachable(exception)));
}
