using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Pneumothorax.Lab.Runs.Storage;

/// <summary>For <c>dotnet ef migrations add NAME --project src/Pneumothorax.Lab.Runs --output-dir Storage/Migrations</c>.</summary>
internal sealed class DesignTimeLab : IDesignTimeDbContextFactory<LabDbContext>
{
    public LabDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<LabDbContext>().UseSqlite("Data Source=design-time.db").Options);
}
