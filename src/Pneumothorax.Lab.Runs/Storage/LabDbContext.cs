using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Storage;

/// <summary>The lab's database. One context an operation: a Blazor circuit outlives any request.</summary>
public sealed class LabDbContext(DbContextOptions<LabDbContext> options) : DbContext(options)
{
    public DbSet<Member> Members => Set<Member>();

    public DbSet<Run> Runs => Set<Run>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite has no date type: whole milliseconds sort and compare.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<RunState>().HaveConversion<string>();
        configurationBuilder.Properties<MemberRole>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Member>(member =>
        {
            member.Property(m => m.Name).HasMaxLength(Member.NameLength).UseCollation("NOCASE");
            member.HasIndex(m => m.Name).IsUnique();
            member.HasIndex(m => m.TokenHash).IsUnique();
        });
        modelBuilder.Entity<Run>(run =>
        {
            run.Property(r => r.Name).HasMaxLength(Run.NameLength);
            run.Property(r => r.Hyperparameters).HasConversion<HyperparametersAsJson>();
            run.HasOne(r => r.Owner).WithMany().HasForeignKey(r => r.OwnerId).OnDelete(DeleteBehavior.Restrict);
            run.HasIndex(r => r.State);
            run.Ignore(r => r.IsOver);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds(value));

    /// <summary>A hyperparameter that is added later takes its default in older rows.</summary>
    private sealed class HyperparametersAsJson() : ValueConverter<Hyperparameters, string>(
        value => JsonSerializer.Serialize(value, LabJson.Line),
        text => JsonSerializer.Deserialize<Hyperparameters>(text, LabJson.Line)!);
}
