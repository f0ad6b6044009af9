using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Pneumothorax.Lab.Backup;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Runs.Tests.Backup;

/// <summary>A class moves from a file to PostgreSQL, with all that SQLite keeps and PostgreSQL would refuse.</summary>
public sealed class RestoreToServerTests(PostgresServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-restore-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Archive => Path.Combine(_folder, "backup.zip");

    [Fact]
    public async Task LabOfAnOlderVersion_WithLookAlikesAndControlCharacters_MovesWhole()
    {
        await SaveAsync(
            """
            UPDATE "Members" SET "Name" = 'émile', "NameKey" = NULL WHERE "Id" = 2;
            UPDATE "Members" SET "Name" = 'Émile', "NameKey" = NULL WHERE "Id" = 1;
            INSERT INTO "Answers" ("MemberId", "Question", "Text", "Version", "ReadVersion", "UpdatedAt") VALUES (1, 'q', 'a' || char(0) || 'b' || char(10) || 'c', 1, 0, 1700000000000);
            """);
        var database = new LabDatabase(await server.CreateDatabaseAsync());

        var restored = await new LabRestore(new(Path.Combine(_folder, "new")), database).LoadAsync(Archive, Token);

        Assert.Equal(1, restored.CleanedTexts);
        using var host = TestLab.Build(null, Path.Combine(_folder, "new"), database, 0);
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal("a\uFFFDb\nc", (await db.Answers.SingleAsync(Token)).Text);
        // Both are there, and each is found under the own name.
        Assert.Equal((1, 2, 1), ((await db.FindByNameAsync("Émile", Token))?.Id, (await db.FindByNameAsync("émile", Token))?.Id, (await db.FindByNameAsync("ÉMILE", Token))?.Id));
        Assert.Equal(2, await db.Members.Select(member => member.NameKey).Distinct().CountAsync(Token));
    }

    [Fact]
    public async Task RestoreThatFails_SaysSoInOneLine_LeavesNothing_AndTheNextOneWorks()
    {
        var broken = await SaveAsync("""INSERT INTO "Pins" ("MemberId", "Address", "Title", "Note", "At") VALUES (99, '/', 'of nobody', '', 0)""");
        var database = new LabDatabase(await server.CreateDatabaseAsync());
        await AskAsync(database, "CREATE SCHEMA theirs; CREATE SEQUENCE theirs.counter");
        var restore = new LabRestore(new(Path.Combine(_folder, "new")), database);

        var refusal = await Assert.ThrowsAsync<IOException>(() => restore.LoadAsync(broken, Token));

        Assert.Contains("Nothing was restored", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal((0L, 1L), (await TablesAsync(database), await AskAsync(database, "SELECT count(*) FROM pg_sequences WHERE schemaname = 'theirs'")));
        Assert.False(Directory.Exists(Path.Combine(_folder, "new")));
        File.Delete(Archive);
        Assert.Equal(0, (await restore.LoadAsync(await SaveAsync(""), Token)).CleanedTexts);
        Assert.Equal(2L, await AskAsync(database, "SELECT count(*) FROM \"Members\""));
        Assert.Null(await AskAsync(database, "SELECT to_regclass('lab_restoring')::text"));
        // A full one is left alone.
        Assert.Contains("is not empty", (await Assert.ThrowsAsync<IOException>(() => new LabRestore(new(Path.Combine(_folder, "other")), database).LoadAsync(Archive, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestoreThatWasKilled_IsCleanedUpByTheNextOne()
    {
        await SaveAsync("");
        var database = new LabDatabase(await server.CreateDatabaseAsync());
        // What a killed one leaves: its mark, and tables.
        await AskAsync(database, "CREATE TABLE lab_restoring (kind text, name text); INSERT INTO lab_restoring VALUES ('SCHEMA', 'public'); CREATE TABLE \"Members\" (id int); CREATE SCHEMA hangfire; CREATE TABLE hangfire.job (id int); CREATE COLLATION ignoring_case (provider = icu, locale = 'und')");

        await new LabRestore(new(Path.Combine(_folder, "new")), database).LoadAsync(Archive, Token);

        Assert.Equal(2L, await AskAsync(database, "SELECT count(*) FROM \"Members\""));
    }

    [Fact]
    public async Task ArchiveThatUnpacksToMoreThanItSays_IsStopped_WhateverItsHeadersClaim()
    {
        await SaveAsync("");
        // 64 MB of zeros in 64 kB; the list of the backup says five bytes.
        using (var zip = ZipFile.Open(Archive, ZipArchiveMode.Update))
        {
            zip.GetEntry("class.json")!.Delete();
            await using var stream = zip.CreateEntry("class.json").Open();
            for (var i = 0; i < 64; i++) await stream.WriteAsync(new byte[1 << 20], Token);
        }

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => new LabRestore(new(Path.Combine(_folder, "new")), new()).LoadAsync(Archive, Token));

        Assert.Contains("class.json is longer than it was when it was saved", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["backup.zip", "lab-1"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A lab with two students, changed behind its back as an older version could have left it.</summary>
    private async Task<string> SaveAsync(string sql)
    {
        var paths = new LabPaths(Path.Combine(_folder, $"lab-{Directory.GetDirectories(_folder).Length + 1}"));
        using (var host = TestLab.Build(null, paths.DataDirectory, new(), 1))
        {
            await host.Services.GetServices<IHostedService>().OfType<DatabaseSetup>().Single().StartingAsync(Token);
            await using var db = await host.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
            db.Members.Add(new() { Name = "Ada", TokenHash = "1" });
            db.Members.Add(new() { Name = "Bo", TokenHash = "2" });
            await db.SaveChangesAsync(Token);
            await db.Database.OpenConnectionAsync(Token);
            await db.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys = OFF", Token);
            if (sql.Length > 0) await db.Database.ExecuteSqlRawAsync(sql, Token);
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(Path.Combine(paths.DataDirectory, "class.json"), "{ \"\" }", Token);
        await new LabBackup(paths, new(), TimeProvider.System).SaveAsync(Archive, withImages: false, content: null, Token);
        return Archive;
    }

    private static async Task<long> TablesAsync(LabDatabase database) => (long)(await AskAsync(database, "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"))!;

    private static async Task<object?> AskAsync(LabDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token) is var answer and not DBNull ? answer : null;
    }
}
