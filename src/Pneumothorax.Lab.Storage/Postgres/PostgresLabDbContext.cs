using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Pneumothorax.Lab.Storage;

/// <summary>The same rows on a PostgreSQL server, with migrations of its own. The keys of sign-ins lie there too, so that one holds on every portal.</summary>
public sealed class PostgresLabDbContext(DbContextOptions<PostgresLabDbContext> options) : LabDbContext(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override string IgnoringCase => "ignoring_case";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        // Level 2 sorts by letters and accents, not by case.
        modelBuilder.HasCollation(IgnoringCase, locale: "und-u-ks-level2", provider: "icu", deterministic: false);
        base.OnModelCreating(modelBuilder);
    }
}
