using System.Reflection;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Backup;

/// <summary>Carries the rows of a lab that kept them in a file over to a PostgreSQL server: a class that has outgrown its one machine.</summary>
internal static class RowsToServer
{
    private static readonly MethodInfo s_copy = typeof(RowsToServer).GetMethod(nameof(CopyTableAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>What was under way waits in the queue again, as after any start on one machine.</summary>
    /// <param name="lab">A copy of the data directory, with the rows in its file; they are brought to this version's tables.</param>
    /// <param name="database">Taken as a <see cref="RestoreTarget"/>.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <returns>How many texts a server would have refused: an older lab let control characters in. They are cleaned.</returns>
    /// <exception cref="IOException">The server does not serve the database or refuses a row, or the file is damaged; the message says what to mend.</exception>
    public static async Task<int> CarryAsync(LabPaths lab, LabDatabase database, CancellationToken cancellationToken)
    {
        try { return await CopyAsync(lab, database, cancellationToken); }
        catch (Exception exception) when (database.Refusal(exception) is { } line)
        {
            throw new IOException($"{line} Nothing was restored.", exception);
        }
    }

    private static async Task<int> CopyAsync(LabPaths lab, LabDatabase database, CancellationToken cancellationToken)
    {
        await using var from = Services(lab, new());
        await using var to = Services(lab, database);
        await SetUpAsync(from, cancellationToken);
        await from.GetRequiredService<RunTransitions>().RecoverAsync(cancellationToken);
        await SetUpAsync(to, cancellationToken);

        await using var source = await from.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(cancellationToken);
        await using var target = await to.GetRequiredService<IDbContextFactory<PostgresLabDbContext>>().CreateDbContextAsync(cancellationToken);
        return await target.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            var cleaned = 0;
            target.ChangeTracker.Clear();
            await using var all = await target.Database.BeginTransactionAsync(cancellationToken);
            await target.Queue.ExecuteDeleteAsync(cancellationToken);        // the row that new tables begin with
            foreach (var type in ParentsFirst(source.Model))
            {
                cleaned += await (Task<int>)s_copy.MakeGenericMethod(type.ClrType).Invoke(null, [source, target, type, cancellationToken])!;
                await CountOnAsync(target, type, cancellationToken);
            }
            await CarryKeysAsync(lab, target, cancellationToken);
            await all.CommitAsync(cancellationToken);
            return cleaned;
        });
    }

    private static ServiceProvider Services(LabPaths lab, LabDatabase database) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(lab)
        .AddStorage(database)
        .AddMetrics()
        .AddSingleton(new GpuSlots(0))
        .AddSingleton(new ThisHost())
        .AddSingleton<LabTelemetry>()
        .AddSingleton<RunTransitions>()
        .BuildServiceProvider();

    private static Task SetUpAsync(ServiceProvider services, CancellationToken cancellationToken) =>
        ActivatorUtilities.CreateInstance<DatabaseSetup>(services).StartingAsync(cancellationToken);

    private static List<IEntityType> ParentsFirst(IModel model)
    {
        List<IEntityType> ordered = [];
        void Visit(IEntityType type)
        {
            if (ordered.Contains(type)) return;
            foreach (var key in type.GetForeignKeys().Where(key => key.PrincipalEntityType != type)) Visit(key.PrincipalEntityType);
            ordered.Add(type);
        }
        // Which machines are there, the machines say themselves.
        foreach (var type in model.GetEntityTypes().Where(type => type.ClrType != typeof(LabHost))) Visit(type);
        return ordered;
    }

    private static async Task<int> CopyTableAsync<T>(LabDbContext source, LabDbContext target, IEntityType type, CancellationToken cancellationToken) where T : class
    {
        var texts = type.GetProperties().Where(property => property.ClrType == typeof(string) && property.PropertyInfo is not null).ToList();
        var cleaned = 0;
        await foreach (var rows in source.Set<T>().AsNoTracking().AsAsyncEnumerable().Chunk(500).WithCancellation(cancellationToken))
        {
            foreach (var row in rows) cleaned += Clean(row, texts);
            target.AddRange(rows);
            await target.SaveChangesAsync(cancellationToken);
            target.ChangeTracker.Clear();
        }
        return cleaned;
    }

    /// <summary>SQLite keeps what PostgreSQL refuses: control characters, and texts that are longer than their column.</summary>
    private static int Clean(object row, List<IProperty> texts)
    {
        var cleaned = 0;
        foreach (var property in texts)
        {
            if (property.PropertyInfo!.GetValue(row) is not string text) continue;
            var fit = InputText.Cut(InputText.Cleaned(text), property.GetMaxLength() ?? int.MaxValue);
            if (fit == text) continue;
            property.PropertyInfo.SetValue(row, fit);
            cleaned++;
        }
        return cleaned;
    }

    /// <summary>The server numbers new rows after those that came with their numbers.</summary>
    private static async Task CountOnAsync(LabDbContext target, IEntityType type, CancellationToken cancellationToken)
    {
        if (type.FindPrimaryKey()?.Properties is not [{ ValueGenerated: ValueGenerated.OnAdd } key]) return;
        var column = target.Model.FindEntityType(type.ClrType)!.FindProperty(key.Name)!.GetColumnName();
        var sql = target.GetService<ISqlGenerationHelper>().DelimitIdentifier(type.GetTableName()!);
        var count = $"""SELECT setval(pg_get_serial_sequence('{sql}', '{column}'), coalesce(max("{column}"), 1), max("{column}") IS NOT NULL) FROM {sql}""";
        await target.Database.ExecuteSqlRawAsync(count, cancellationToken);
    }

    /// <summary>With the keys of sign-ins, nobody has to sign in anew.</summary>
    private static async Task CarryKeysAsync(LabPaths lab, PostgresLabDbContext target, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(lab.Keys)) return;
        foreach (var file in Directory.GetFiles(lab.Keys, "*.xml"))
        {
            var key = XElement.Parse(await File.ReadAllTextAsync(file, cancellationToken));
            target.DataProtectionKeys.Add(new DataProtectionKey { FriendlyName = Path.GetFileNameWithoutExtension(file), Xml = key.ToString(SaveOptions.DisableFormatting) });
        }
        await target.SaveChangesAsync(cancellationToken);
    }
}
