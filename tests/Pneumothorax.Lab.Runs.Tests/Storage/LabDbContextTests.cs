using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Tests.Storage;

public sealed class LabDbContextTests(PostgresServer server)
{
    [Fact]
    public async Task Migrations_MakeTheWholeModel()
    {
        await using var lab = await TestLabs.Embedded.OpenAsync();
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

        Assert.False(db.Database.HasPendingModelChanges(), "Add a migration: see DesignTimeLab.");
        Assert.Equal("wal", (await db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").ToListAsync(TestContext.Current.CancellationToken)).Single());
    }

    [Fact]
    public async Task PostgresMigrations_MakeTheWholeModel()
    {
        await using var lab = await new TestLabs(server).OpenAsync();
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

        Assert.True(db.Database.IsNpgsql());
        Assert.False(db.Database.HasPendingModelChanges(), "Add a migration for PostgreSQL too: see DesignTimeLab.");
    }
}
