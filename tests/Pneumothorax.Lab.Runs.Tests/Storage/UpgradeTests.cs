using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Tests.Storage;

/// <summary>A newer version of the lab on what an older one left, and the other way round.</summary>
public sealed class UpgradeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataDirectoryOfTheFirstVersion_WithARunUnderWay_IsBroughtUpToDate_AndTheRunGoesOn()
    {
        var program = await TestLab.ProgramAsync(
            """
            echo '{"event":"started","fromStep":8,"steps":20,"trainImages":8,"validationImages":2,"parameters":100,"device":"cpu"}'
            echo '{"event":"completed","step":20,"checkpointStep":20}'
            """);
        var directory = Path.GetDirectoryName(program)!;
        using (var old = TestLab.Build(program, directory, new(), 1))
        {
            await using var db = await old.Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
            await db.GetService<IMigrator>().MigrateAsync("First", Token);
            await db.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO "Members" VALUES (1, 'Mira', 'Student', 'hash', 1700000000000);
                INSERT INTO "Runs" ("Id", "Name", "OwnerId", "IsReference", "Dataset", "Network", "Hyperparameters", "State", "Step", "Attempt", "CreatedAt", "QueuedAt", "StartedAt")
                VALUES (7, 'Of the first version', 1, 0, 'xray', 'lite', '{{"steps":20,"batchSize":4}}', 'Running', 9, 1, 1700000000000, 1700000000000, 1700000001000);
                """, Token);
        }

        await using var lab = await TestLabs.Embedded.OpenAsync(program, directory, startQueue: true);

        var run = await lab.WaitForAsync(7, RunState.Completed);
        Assert.Equal((2, 20, 4, "Mira"), (run.Attempt, run.Step, run.Hyperparameters.BatchSize, run.Owner!.Name));
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
}
