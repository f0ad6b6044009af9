using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Pneumothorax.Lab.Storage;

/// <summary>
/// Counts what this process writes to the rows that decide what a member may see: members, sections, courses, and whose runs there are.
/// What was read from these rows holds for as long as the number stays the same; what other processes write is not counted.
/// </summary>
public sealed partial class AccessChanges : IDbCommandInterceptor, IDbTransactionInterceptor, ISaveChangesInterceptor
{
    private readonly ConditionalWeakTable<DbContext, object> _writers = [];
    private long _version;

    /// <summary>Read it before the rows.</summary>
    public long Version => Interlocked.Read(ref _version);

    int IDbCommandInterceptor.NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        Executed(command, eventData.Context);
        return result;
    }

    ValueTask<int> IDbCommandInterceptor.NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken)
    {
        Executed(command, eventData.Context);
        return new(result);
    }

    DbDataReader IDbCommandInterceptor.ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        Executed(command, eventData.Context);
        return result;
    }

    ValueTask<DbDataReader> IDbCommandInterceptor.ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken)
    {
        Executed(command, eventData.Context);
        return new(result);
    }

    // Others see a write when it is committed. Whoever has read the old rows in between has read them at a number that is old by now.
    void IDbTransactionInterceptor.TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Committed(eventData.Context);

    Task IDbTransactionInterceptor.TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken)
    {
        Committed(eventData.Context);
        return Task.CompletedTask;
    }

    int ISaveChangesInterceptor.SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Committed(eventData.Context);
        return result;
    }

    ValueTask<int> ISaveChangesInterceptor.SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken)
    {
        Committed(eventData.Context);
        return new(result);
    }

    private void Executed(DbCommand command, DbContext? context)
    {
        if (!Decides().IsMatch(command.CommandText)) return;
        if (context is not null) _writers.AddOrUpdate(context, this);
        Interlocked.Increment(ref _version);
    }

    private void Committed(DbContext? context)
    {
        if (context is not null && _writers.TryGetValue(context, out _)) Interlocked.Increment(ref _version);
    }

    // How far a run is gets written every second and decides nothing.
    [GeneratedRegex("""(INSERT INTO|UPDATE|DELETE FROM) "(Members|Sections|Courses)"|(INSERT INTO|DELETE FROM) "Runs"|UPDATE "Runs".*"(OwnerId|SharedAt|IsReference|Dataset)" =""", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Decides();
}
