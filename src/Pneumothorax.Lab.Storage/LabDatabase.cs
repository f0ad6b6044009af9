using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Pneumothorax.Lab.Storage;

/// <summary>Where the rows are: a file in the data directory, or a PostgreSQL server that several portals and workers share.</summary>
public sealed class LabDatabase
{
    public const string Setting = "ConnectionStrings__Lab";

    /// <summary>A portal, its queue and its pages seldom need ten; a server lets in a hundred by default, from all hosts together.</summary>
    private const int MostConnections = 30;

    // https://www.sqlite.org/rescode.html: SQLITE_FULL, and SQLITE_IOERR, which a quota gives.
    private const int SqliteFull = 13;
    private const int SqliteNotWritten = 10;

    // Linux's ENOSPC and EDQUOT, which .NET passes on as they are, and the numbers of Windows.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    private readonly string? _connectionString;

    /// <param name="setting"><see cref="Setting"/>; null or empty for a file.</param>
    /// <param name="purpose">How the connections are called in the server's list.</param>
    /// <exception cref="ArgumentException">It is no connection string of PostgreSQL.</exception>
    public LabDatabase(string? setting = null, string purpose = "portal")
    {
        if (string.IsNullOrWhiteSpace(setting)) return;
        NpgsqlConnectionStringBuilder parts;
        try { parts = new(setting); }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Its own message can quote the value, and with it the password.
            throw new ArgumentException($"{Setting} is not a PostgreSQL connection string. An example: Host=db;Database=lab;Username=lab;Password=...");
        }
        if (string.IsNullOrWhiteSpace(parts.Host)) throw new ArgumentException($"{Setting} contains no host. An example: Host=db;Database=lab;Username=lab;Password=...");
        if (!parts.ContainsKey("Maximum Pool Size")) parts.MaxPoolSize = MostConnections;
        if (string.IsNullOrEmpty(parts.ApplicationName)) parts.ApplicationName = $"lab {purpose}";
        if (parts.KeepAlive == 0) parts.KeepAlive = 10;     // seconds: whoever only listens shall notice that the server is gone
        _connectionString = parts.ConnectionString;
        Name = $"{parts.Database ?? parts.Username} on {parts.Host}:{parts.Port}";
    }

    /// <summary>On a PostgreSQL server: other portals and workers may be at work on the same rows.</summary>
    public bool IsShared => _connectionString is not null;

    /// <summary>Database and host, for messages; null for a file.</summary>
    public string? Name { get; }

    /// <exception cref="InvalidOperationException">It is a file.</exception>
    internal string ConnectionString => _connectionString ?? throw new InvalidOperationException("This lab stores its rows in a file.");

    /// <returns>True when rows could not be read or written for a reason that passes: the server restarts, the network is cut, a disk is full.</returns>
    internal static bool IsAway(Exception exception) => IsUnreachable(exception) || Causes(exception).Any(IsDatabaseFull);

    /// <returns>True when the server of the rows does not answer. Whoever asks again later may have an answer.</returns>
    public static bool IsUnreachable(Exception exception) =>
        !IsFull(exception) && Causes(exception).Any(cause => cause is RetryLimitExceededException or NpgsqlException { IsTransient: true } or PostgresException { SqlState: ['5', '7', 'P', ..] });

    /// <returns>True when a disk is full: that of the rows, or the one that a file was to be written to. What was there before is kept; this was not written.</returns>
    public static bool IsFull(Exception exception) => Causes(exception).Any(cause => IsDatabaseFull(cause) || IsDiskFull(cause));

    /// <returns>True for any trouble of the database, a full disk or a locked file too: whoever only looks after things tries again later.</returns>
    internal static bool IsTroubled(Exception exception) => IsAway(exception) || Causes(exception).Any(cause => cause is DbException or DbUpdateException);

    private static bool IsDatabaseFull(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: SqliteFull or SqliteNotWritten } or PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    private static bool IsDiskFull(Exception exception) =>
        exception is IOException { HResult: NoSpaceLeft or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull };

    /// <summary>The exception and what lies under it: EF Core, tasks and file streams wrap what went wrong.</summary>
    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException) yield return cause;
    }

    /// <returns>One line that says what to mend; null for a fault of another kind.</returns>
    internal string? Refusal(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName }:
                    return $"{Setting} names a database that does not exist: {Name}. Create it first, with createdb.";
                case PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification }:
                    return $"The PostgreSQL server refuses this user: {Name}. Check Username and Password of {Setting}.";
                case PostgresException refused:
                    return $"The PostgreSQL server refuses to serve {Name}: {refused.MessageText}.";
                case SocketException or TimeoutException:
                    return $"No PostgreSQL server answers for {Name} ({inner.Message}). Check Host and Port of {Setting}.";
            }
        }
        return exception is NpgsqlException ? $"The PostgreSQL server does not serve {Name}: {exception.Message}" : null;
    }
}
