using Npgsql;

namespace Pneumothorax.Lab.Storage;

/// <summary>
/// Whether the server of the rows answers. It is asked when somebody wants to know, at most once a second however many do, and over a connection
/// of its own, so that a portal that is busy is not taken for a server that is away. Rows in a file always answer.
/// </summary>
public sealed class DatabaseWatch(LabDatabase database, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(1);

    /// <summary>A server that is back is noticed soon.</summary>
    private static readonly TimeSpan s_awayKept = TimeSpan.FromMilliseconds(300);

    private const int MostSeconds = 3;

    private readonly Lock _gate = new();
    private readonly NpgsqlDataSource? _source = database.IsShared ? SourceOf(database) : null;
    private (bool Answers, long At)? _last;
    private Task<bool>? _asking;

    /// <returns>At most a second old, and after two and a half seconds at the latest.</returns>
    public Task<bool> AnswersAsync(CancellationToken cancellationToken = default)
    {
        if (_source is null) return Task.FromResult(true);
        lock (_gate)
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < (last.Answers ? s_kept : s_awayKept)) return Task.FromResult(last.Answers);
        }
        return AskAsync(cancellationToken);
    }

    /// <returns>As of now.</returns>
    public Task<bool> AskAsync(CancellationToken cancellationToken = default)
    {
        if (_source is null) return Task.FromResult(true);
        lock (_gate)
        {
            // In an own flow: whoever comes first may go while others wait for the same answer.
            if (_asking is not { IsCompleted: false })
            {
                using (ExecutionContext.SuppressFlow()) _asking = Task.Run(LookAsync, CancellationToken.None);
            }
            return _asking.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _source?.Dispose();

    private async Task<bool> LookAsync()
    {
        var answers = await IsThereAsync();
        lock (_gate) _last = (answers, clock.GetTimestamp());
        return answers;
    }

    private async Task<bool> IsThereAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, clock);
        try
        {
            // A server that swallows everything also swallows the request to stop.
            return await TryAsync(patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        // The connection may be from before the server's last restart; then a fresh one tells.
        for (var isLast = false; ; isLast = true)
        {
            try
            {
                await using var command = _source!.CreateCommand("SELECT 1");
                await command.ExecuteNonQueryAsync(cancellationToken);
                return true;
            }
            catch (NpgsqlException) when (!isLast) { }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or TimeoutException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    private static NpgsqlDataSource SourceOf(LabDatabase database) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString)
    {
        MinPoolSize = 0,
        MaxPoolSize = 2,
        Timeout = MostSeconds,
        CommandTimeout = MostSeconds,
        Multiplexing = false,
        KeepAlive = 0,
    });
}
