using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Storage;

/// <summary>A newer version of the lab on what an older one left, and the other way round.</summary>
public sealed class UpgradeTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>As the lab of 30 November 2026 wrote it after nine migrations, with two students, and a run under way.</summary>
    [Fact]
    public async Task EarlierSqliteDatabase_IsTakenOverWithItsRows_AndItsRunGoesOn()
    {
        var program = await TestLab.ProgramAsync(
            """
            echo '{"event":"started","fromStep":8,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
            echo '{"event":"completed","step":20,"checkpointStep":20}'
            """);
        var directory = Path.GetDirectoryName(program)!;
        await using (var file = new SqliteConnection($"Data Source={LabPaths.Resolve(directory).Database};Pooling=False"))
        {
            await ExecuteAsync(file, Earlier("sqlite") + RunUnderWay(isReference: "0"));
        }

        await using var lab = await TestLabs.Embedded.OpenAsync(program, directory, startQueue: true);

        var run = await lab.WaitForAsync(7, RunState.Completed);
        Assert.Equal((2, 20, 4, "Zoë"), (run.Attempt, run.Step, run.Hyperparameters.BatchSize, run.Owner!.Name));
        await AssertIsOfThisVersionAsync(lab);
    }

    [Fact]
    public async Task EarlierPostgresDatabase_IsTakenOverWithItsRows()
    {
        var database = await server.CreateDatabaseAsync();
        await using (var connection = new NpgsqlConnection(database + ";Pooling=false"))
        {
            await ExecuteAsync(connection, Earlier("postgres") + "SET search_path = public;" + RunUnderWay(isReference: "false"));
        }

        var directory = Directory.CreateTempSubdirectory("lab-runs-").FullName;
        await using var lab = await TestLab.OpenAsync([TestLab.Build(null, directory, new(database), slots: 0)], directory, startQueue: false);

        var run = await lab.Store.GetAsync(7, TestLab.Instructor, Token);
        Assert.Equal((RunState.Running, 9, 4, "Zoë"), (run.State, run.Step, run.Hyperparameters.BatchSize, run.Owner!.Name));
        await AssertIsOfThisVersionAsync(lab);
    }

    [Fact]
    public async Task DatabaseOfAStillEarlierVersion_IsToldWhichVersionToStartOnce_AndLeftAsItIs()
    {
        var directory = Directory.CreateTempSubdirectory("lab-runs-").FullName;
        var source = $"Data Source={LabPaths.Resolve(directory).Database};Pooling=False";
        await using (var file = new SqliteConnection(source))
        {
            await ExecuteAsync(file, Earlier("sqlite") + """DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '20261130%'""");
        }

        var refusal = await Assert.ThrowsAsync<IOException>(() => TestLabs.Embedded.OpenAsync(directory: directory));

        Assert.Contains("Start the version of 30 November 2026 (commit aa4706a) on it once, then this one.", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        await using var after = new SqliteConnection(source);
        await after.OpenAsync(Token);
        await using var count = new SqliteCommand("""SELECT (SELECT count(*) FROM "__EFMigrationsHistory") * 100 + (SELECT count(*) FROM "Members")""", after);
        Assert.Equal(503L, await count.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task DatabaseOfANewerVersion_IsRefusedInOneLine_AndLeftAsItIs()
    {
        await using var lab = await TestLabs.Embedded.OpenAsync();
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        await db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '99.0.0')""", Token);

        var refusal = await Assert.ThrowsAsync<IOException>(() => TestLabs.Embedded.OpenAsync(directory: lab.Directory));

        Assert.Contains("belongs to a newer version of the lab (29990101000000_Later;", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static string Earlier(string provider) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Storage", "Earlier", $"{provider}.sql"));

    private static string RunUnderWay(string isReference) =>
        $$"""
        INSERT INTO "Runs" ("Id", "Name", "OwnerId", "IsReference", "Dataset", "Network", "Hyperparameters", "State", "Step", "Attempt", "CreatedAt", "QueuedAt", "StartedAt", "EvaluatesOnly", "HostFaults")
        VALUES (7, 'Under way', 2, {{isReference}}, 'xray', 'lite', '{"steps":20,"batchSize":4}', 'Running', 9, 1, 1700000000000, 1700000000000, 1700000001000, {{isReference}}, 0);
        """;

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }

    /// <summary>Every row of every table is read as this version reads it, the history is this version's, and another start finds nothing to do.</summary>
    private static async Task AssertIsOfThisVersionAsync(TestLab lab)
    {
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal(db.Database.GetMigrations(), await db.Database.GetAppliedMigrationsAsync(Token));
        Assert.Equal(["Instructor", "Zoë", "Old Student"], await db.Members.OrderBy(member => member.Id).Select(member => member.Name).ToListAsync(Token));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("0123456789abcdef"u8)), (await db.Members.SingleAsync(member => member.Id == 3, Token)).TokenHash);
        Assert.Equal("OLDLAB", (await db.Sections.SingleAsync(Token)).Code);
        db.Members.Add(new() { Name = "New Student", Role = MemberRole.Student, TokenHash = "new", JoinedAt = DateTimeOffset.UtcNow, SectionId = 1 });
        await db.SaveChangesAsync(Token);
    }
}
