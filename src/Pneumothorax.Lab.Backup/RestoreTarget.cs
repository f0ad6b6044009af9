using Npgsql;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Backup;

/// <summary>
/// An empty database on a server while a restore fills it. Whatever ends the restore early, the database is empty again: at once, or, where the
/// program was killed, when the next restore takes it, which a table of its own tells it.
/// </summary>
internal sealed class RestoreTarget : IAsyncDisposable
{
    /// <summary>Any number, the same on every host.</summary>
    private const long OneRestore = 0x70_74_78_03;

    /// <summary>It lists what is there already. So does a temporary table, which lasts as long as the connection.</summary>
    private const string Marker = "lab_restoring";

    private const string Before = "lab_before";

    private const string Others = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

    /// <summary>What can be there without a table: it is noted, and stays.</summary>
    private const string Owned =
        $"""
        SELECT 'SCHEMA' AS kind, quote_ident(n.nspname) AS name FROM pg_namespace n WHERE {Others}
        UNION ALL SELECT 'SEQUENCE', quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND {Others}
        UNION ALL SELECT 'COLLATION', quote_ident(n.nspname) || '.' || quote_ident(c.collname) FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE {Others}
        """;

    private readonly NpgsqlConnection _connection;
    private bool _isKept;

    private RestoreTarget(NpgsqlConnection connection) => _connection = connection;

    /// <exception cref="IOException">There are tables in it, another restore fills it, or it does not answer.</exception>
    public static async Task<RestoreTarget> TakeAsync(LabDatabase database, CancellationToken cancellationToken)
    {
        // Closed rather than pooled: with it, its lock goes.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            var target = new RestoreTarget(connection);
            if (await target.AskAsync($"SELECT pg_try_advisory_lock({OneRestore})", cancellationToken) is not true) throw new IOException($"Another restore is filling the database {database.Name}. Wait until it has finished.");
            if (await target.AskAsync($"SELECT to_regclass('{Marker}') IS NOT NULL", cancellationToken) is true)
            {
                await target.AskAsync($"CREATE TEMP TABLE {Before} AS TABLE {Marker}", cancellationToken);
                await target.EmptyAsync(cancellationToken);
            }
            if (await target.AskAsync($"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {Others}", cancellationToken) is > 0L)
                throw new IOException($"The database {database.Name} is not empty. Restore into a new one, created with createdb.");
            await target.AskAsync($"CREATE TEMP TABLE {Before} AS {Owned}; CREATE TABLE {Marker} AS TABLE {Before}", cancellationToken);
            return target;
        }
        catch (Exception exception) when (database.Refusal(exception) is { } line)
        {
            await connection.DisposeAsync();
            throw new IOException(line, exception);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>All rows are there. From now on no other restore takes the database for one that was left half full.</summary>
    public Task UnmarkAsync() => AskAsync($"DROP TABLE {Marker}", CancellationToken.None);

    /// <summary>The restore is complete.</summary>
    public void Keep() => _isKept = true;

    public async ValueTask DisposeAsync()
    {
        // A server that is gone is emptied by the next restore.
        try { if (!_isKept) await EmptyAsync(CancellationToken.None); }
        catch (NpgsqlException) { }
        await _connection.DisposeAsync();
    }

    /// <summary>Takes out what came since the marker was made, and the marker.</summary>
    private Task<object?> EmptyAsync(CancellationToken cancellationToken) => AskAsync(
        $"""
        DO $$
        DECLARE item record;
        BEGIN
            FOR item IN SELECT kind, name FROM ({Owned}) AS owned WHERE kind = 'SCHEMA' EXCEPT SELECT kind, name FROM {Before} LOOP EXECUTE 'DROP SCHEMA ' || item.name || ' CASCADE'; END LOOP;
            FOR item IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND {Others} LOOP
                EXECUTE 'DROP TABLE IF EXISTS ' || item.name || ' CASCADE';
            END LOOP;
            FOR item IN SELECT kind, name FROM ({Owned}) AS owned EXCEPT SELECT kind, name FROM {Before} LOOP EXECUTE 'DROP ' || item.kind || ' IF EXISTS ' || item.name || ' CASCADE'; END LOOP;
            DROP TABLE {Before};
        END $$
        """, cancellationToken);

    private async Task<object?> AskAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
