using System.Globalization;
using Microsoft.Data.Sqlite;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Storage;

/// <summary>Whether a database in a file is whole. Asked before the first row is read: afterwards damage shows as missing rows or as stack traces.</summary>
internal static class SqliteIntegrity
{
    // https://www.sqlite.org/rescode.html: SQLITE_CORRUPT and SQLITE_NOTADB.
    private const int Corrupt = 11, NoDatabase = 26;

    /// <summary>Before SQLite opens it, which would drop what comes after damage.</summary>
    /// <returns>A line for the log; null where there is nothing to say.</returns>
    /// <exception cref="IOException">The newest rows are damaged; the message says what to do.</exception>
    public static string? CheckLog(LabPaths paths)
    {
        var path = paths.Database + "-wal";
        if (WriteAheadLog.Read(path) is not { } log) return null;
        if (!File.Exists(paths.Database)) throw new IOException($"{paths.Database} is missing, but {path} with its newest rows is there. Put the file back, or {Restore(paths)}");
        if (log.LostChanges is { } lost)
        {
            throw new IOException(
                $"{path}, which contains the newest rows, is damaged after byte {log.WholeBytes}. Starting now would lose {(lost == 1 ? "at least one change" : $"at least {lost} changes")}. " +
                $"To continue without them, type: truncate -s {log.WholeBytes} {path}. Otherwise {Restore(paths)}");
        }
        return log.IsCutShort ? $"The last change in {path} is incomplete and is left out: it was being written when the portal stopped, or the file is damaged there. All earlier changes are kept." : null;
    }

    /// <exception cref="IOException">It is damaged, or gone from a lab that has runs; the message says what to do.</exception>
    public static void Check(LabPaths paths)
    {
        // SQLite would begin a new lab in it, without a word about the members and runs that are gone.
        if (HasRuns(paths) && new FileInfo(paths.Database) is { Exists: var exists } file && (!exists || file.Length == 0))
        {
            throw new IOException($"The database {paths.Database} is {(exists ? "empty" : "missing")}, but {paths.Runs} has the folders of runs. Put the file back, or move {paths.Runs} aside to begin an empty lab, or {Restore(paths)}");
        }
        if (!File.Exists(paths.Database)) return;
        string? damage;
        try { damage = Damage(paths.Database); }
        catch (SqliteException exception) when (!LabDatabase.IsFull(exception))
        {
            throw new IOException($"The database {paths.Database} cannot be opened: {exception.Message.ReplaceLineEndings(" ")} Check that this account may read and write it.", exception);
        }
        if (damage is not null) throw new IOException($"The database {paths.Database} is damaged ({damage}). Stop all programs of the lab and {Restore(paths)}");
    }

    /// <returns>The first fault that SQLite finds in the file; null for a database that is whole.</returns>
    /// <exception cref="SqliteException">It cannot be opened for another reason.</exception>
    public static string? Damage(string database)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false, DefaultTimeout = 15 }.ToString());
            connection.Open();
            // Without comparing indexes to tables, which takes many times as long.
            using var check = new SqliteCommand("PRAGMA quick_check(1)", connection);
            return check.ExecuteScalar() is string and not "ok" and var fault ? fault.ReplaceLineEndings(" ").Trim('*', ' ') : null;
        }
        catch (SqliteException exception) when (DamageOf(exception) is { } damage)
        {
            return damage;
        }
    }

    /// <returns>Null where something other than damage is wrong.</returns>
    public static string? DamageOf(SqliteException exception) => exception.SqliteErrorCode switch
    {
        NoDatabase => "it is not an SQLite file",
        Corrupt => exception.Message.ReplaceLineEndings(" "),
        _ => null,
    };

    private static bool HasRuns(LabPaths paths) =>
        Directory.Exists(paths.Runs) && Directory.EnumerateDirectories(paths.Runs).Any(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static string Restore(LabPaths paths) => $"restore the newest backup: move {paths.DataDirectory} aside and type: lab restore FILE --data-directory {paths.DataDirectory}";
}
