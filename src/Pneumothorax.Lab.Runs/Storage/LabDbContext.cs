using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Accounts;
using Pneumothorax.Lab.Runs.Coursework;

namespace Pneumothorax.Lab.Runs.Storage;

/// <summary>The lab's database. One context an operation: a Blazor circuit outlives any request.</summary>
public class LabDbContext : DbContext
{
    public LabDbContext(DbContextOptions<LabDbContext> options) : base(options)
    {
    }

    protected LabDbContext(DbContextOptions options) : base(options)
    {
    }

    public DbSet<Member> Members => Set<Member>();

    public DbSet<Account> Accounts => Set<Account>();

    /// <summary>Sign-ins at a university: issuer and subject, and whose they are.</summary>
    public DbSet<IdentityUserLogin<int>> Logins => Set<IdentityUserLogin<int>>();

    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();

    public DbSet<Run> Runs => Set<Run>();

    public DbSet<TaskAttempt> Attempts => Set<TaskAttempt>();

    public DbSet<WrittenAnswer> Answers => Set<WrittenAnswer>();

    public DbSet<AnswerComment> Comments => Set<AnswerComment>();

    public DbSet<Pin> Pins => Set<Pin>();

    /// <summary>The collation for which "Ada" and "ada" are one name.</summary>
    protected virtual string IgnoringCase => "NOCASE";

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
            member.Property(m => m.Name).HasMaxLength(Member.NameLength).UseCollation(IgnoringCase);
            member.HasIndex(m => m.Name).IsUnique();
            member.HasIndex(m => m.TokenHash).IsUnique();
        });
        // How a member signs in goes with him.
        modelBuilder.Entity<Account>(account =>
        {
            account.Property(a => a.Id).ValueGeneratedNever();
            account.Property(a => a.ConcurrencyStamp).IsConcurrencyToken();
            account.Ignore(a => a.UserName).Ignore(a => a.NormalizedUserName);
            account.Ignore(a => a.Email).Ignore(a => a.NormalizedEmail).Ignore(a => a.EmailConfirmed);
            account.Ignore(a => a.PhoneNumber).Ignore(a => a.PhoneNumberConfirmed).Ignore(a => a.TwoFactorEnabled);
            account.HasOne<Member>().WithOne().HasForeignKey<Account>(a => a.Id).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<IdentityUserLogin<int>>(login =>
        {
            login.ToTable("Logins");
            login.HasKey(l => new { l.LoginProvider, l.ProviderKey });
            login.Property(l => l.LoginProvider).HasMaxLength(300);
            login.Property(l => l.ProviderKey).HasMaxLength(255);       // the most that OpenID Connect allows a subject
            login.HasOne<Account>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<AccessToken>(token =>
        {
            token.Property(t => t.Name).HasMaxLength(AccessToken.NameLength);
            token.HasIndex(t => t.Hash).IsUnique();
            token.HasOne<Member>().WithMany().HasForeignKey(t => t.MemberId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<Run>(run =>
        {
            run.Property(r => r.Name).HasMaxLength(Run.NameLength);
            run.Property(r => r.Job).HasMaxLength(Run.JobLength);
            run.Property(r => r.Hyperparameters).HasConversion<HyperparametersAsJson>();
            run.HasOne(r => r.Owner).WithMany().HasForeignKey(r => r.OwnerId).OnDelete(DeleteBehavior.Restrict);
            run.HasIndex(r => r.State);
            run.Ignore(r => r.IsOver);
        });
        // Coursework goes with its member.
        modelBuilder.Entity<TaskAttempt>(attempt =>
        {
            attempt.Property(a => a.Answer).HasMaxLength(TaskAttempt.AnswerLength);
            attempt.HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId).OnDelete(DeleteBehavior.Cascade);
            attempt.HasIndex(a => new { a.MemberId, a.Task });
        });
        modelBuilder.Entity<WrittenAnswer>(answer =>
        {
            answer.HasKey(a => new { a.MemberId, a.Question });
            answer.Property(a => a.Text).HasMaxLength(WrittenAnswer.TextLength);
            answer.HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<AnswerComment>(comment =>
        {
            comment.Property(c => c.Text).HasMaxLength(AnswerComment.TextLength);
            comment.HasOne<Member>().WithMany().HasForeignKey(c => c.MemberId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<Pin>(pin =>
        {
            pin.Property(p => p.Address).HasMaxLength(Pin.AddressLength);
            pin.Property(p => p.Title).HasMaxLength(Pin.TitleLength);
            pin.Property(p => p.Picture).HasMaxLength(Pin.AddressLength);
            pin.Property(p => p.Note).HasMaxLength(Pin.NoteLength);
            pin.HasOne<Member>().WithMany().HasForeignKey(p => p.MemberId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds(value));

    /// <summary>A hyperparameter that is added later takes its default in older rows.</summary>
    private sealed class HyperparametersAsJson() : ValueConverter<Hyperparameters, string>(
        value => JsonSerializer.Serialize(value, LabJson.Line),
        text => JsonSerializer.Deserialize<Hyperparameters>(text, LabJson.Line)!);
}
