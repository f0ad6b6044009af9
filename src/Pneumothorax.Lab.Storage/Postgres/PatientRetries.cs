using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace Pneumothorax.Lab.Storage;

/// <summary>Waits for a server that restarts: about half a minute, or for a moment where a person waits (<see cref="DatabasePatience"/>).</summary>
internal sealed class PatientRetries(ExecutionStrategyDependencies dependencies)
    : NpgsqlRetryingExecutionStrategy(dependencies, maxRetryCount: 8, maxRetryDelay: TimeSpan.FromSeconds(5), errorCodesToAdd: null)
{
    /// <summary>The first one meets the connections that the server has cut: it is tried again at once, as always.</summary>
    private const int BriefRetries = 2;

    private static readonly TimeSpan s_briefDelay = TimeSpan.FromMilliseconds(300);

    protected override TimeSpan? GetNextDelay(Exception lastException) => (DatabasePatience.IsBrief, ExceptionsEncountered.Count) switch
    {
        (true, > BriefRetries) => null,
        (true, BriefRetries) => s_briefDelay,
        _ => base.GetNextDelay(lastException),
    };
}
