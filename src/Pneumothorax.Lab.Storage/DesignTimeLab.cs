using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Pneumothorax.Lab.Storage;

/// <summary>
/// For <c>dotnet ef migrations add NAME --project src/Pneumothorax.Lab.Runs --context LabDbContext --output-dir Storage/Migrations</c>,
/// and the same with <c>PostgresLabDbContext</c> and <c>Storage/Postgres/Migrations</c>: a change of the tables needs both.
/// </summary>
internal sealed class DesignTimeLab : IDesignTimeDbContextFactory<LabDbContext>, IDesignTimeDbContextFactory<PostgresLabDbContext>
{
    LabDbContext IDesignTimeDbContextFactory<LabDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<LabDbContext>().UseSqlite("Data Source=design-time.db").Options);

    PostgresLabDbContext IDesignTimeDbContextFactory<PostgresLabDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresLabDbContext>().UseNpgsql("Host=design-time").Options);
}
