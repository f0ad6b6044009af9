using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Backup;

/// <summary>The rows of a lab as one file, as they were at one moment, while portals and workers go on.</summary>
internal static class DatabaseCopy
{
    private const string RunIds = "SELECT \"Id\" FROM \"Runs\"";

    /// <summary>By SQLite's own backup, which waits for no writer and disturbs none.</summary>
    /// <exception cref="IOException">There is no database, or it is damaged.</exception>
    /// <returns>The numbers of the runs in the copy.</returns>
    public static HashSet<string> SaveSqlite(string database, string path)
    {
        if (!File.Exists(database)) throw new FileNotFoundException($"There is no lab to back up: {database} is missing. Give its data directory with --data-directory.");
        try
        {
            using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            source.Open();
            target.Open();
            source.BackupDatabase(target);
            if (SqliteIntegrity.Damage(path) is { } damage) throw Damaged(database, damage);
            using var ids = new SqliteCommand(RunIds, target);
            using var reader = ids.ExecuteReader();
            HashSet<string> runs = [];
            while (reader.Read()) runs.Add(reader.GetInt64(0).ToString(CultureInfo.InvariantCulture));
            return runs;
        }
        catch (SqliteException exception) when (SqliteIntegrity.DamageOf(exception) is { } damage)
        {
            throw Damaged(database, damage);
        }
        catch (SqliteException exception)
        {
            throw new IOException($"{database} could not be copied: {exception.Message}", exception);
        }
    }

    private static IOException Damaged(string database, string damage) =>
        new($"{database} is damaged ({damage}), and nothing was saved. Keep your existing backups: the newest one can restore the lab.");

    /// <exception cref="IOException"><c>pg_dump</c> is missing or refuses; the message says why.</exception>
    /// <returns>The numbers of runs that are in the copy; not of those launched at that moment.</returns>
    public static async Task<HashSet<string>> SavePostgresAsync(LabDatabase database, string path, CancellationToken cancellationToken)
    {
        HashSet<string> runs = [];
        try
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var ids = new NpgsqlCommand(RunIds, connection);
            await using var reader = await ids.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) runs.Add(reader.GetInt32(0).ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (database.Refusal(exception) is { } line)
        {
            throw new IOException(line, exception);
        }
        await RunAsync(database, "pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "--file", path], cancellationToken);
        return runs;
    }

    /// <param name="database">Taken as a <see cref="RestoreTarget"/>.</param>
    /// <param name="path">What <see cref="SavePostgresAsync"/> wrote.</param>
    /// <param name="cancellationToken">Ends the restore in the middle.</param>
    /// <exception cref="IOException"><c>pg_restore</c> is missing or refuses; the message says why.</exception>
    public static Task RestorePostgresAsync(LabDatabase database, string path, CancellationToken cancellationToken) =>
        RunAsync(database, "pg_restore", ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", path], cancellationToken);

    private static async Task RunAsync(LabDatabase database, string program, string[] arguments, CancellationToken cancellationToken)
    {
        var where = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(Find(program), [.. arguments, "--host", where.Host!, "--port", where.Port.ToString(CultureInfo.InvariantCulture), "--dbname", where.Database ?? where.Username!, "--no-password"])
        {
            RedirectStandardError = true,
        };
        if (where.Username is { } user) start.Environment["PGUSER"] = user;
        if (where.Password is { } password) start.Environment["PGPASSWORD"] = password;       // arguments can be read by everybody on the host
        try
        {
            using var process = Process.Start(start) ?? throw new IOException($"{program} did not start.");
            var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0) throw new IOException($"{program} ended with code {process.ExitCode}: {errors.ReplaceLineEndings(" ").Trim()}");
        }
        catch (Win32Exception)
        {
            throw new IOException($"{program} is missing. Install the PostgreSQL client of the server's version (Debian's package postgresql-client).");
        }
    }

    /// <summary>Debian keeps those of each version out of the path; the newest reads all older servers.</summary>
    private static string Find(string program) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", program))
                .Where(File.Exists).OrderDescending(StringComparer.Ordinal).FirstOrDefault() ?? program
            : program;
}
