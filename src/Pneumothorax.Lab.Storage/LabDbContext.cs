using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Storage;

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

    public DbSet<EndedSignIn> EndedSignIns => Set<EndedSignIn>();

    public DbSet<SignInFailure> SignInFailures => Set<SignInFailure>();

    public DbSet<Run> Runs => Set<Run>();

    /// <summary>Time that attempts had a slot.</summary>
    public DbSet<RunAttempt> RunAttempts => Set<RunAttempt>();

    /// <summary>One row.</summary>
    public DbSet<QueueState> Queue => Set<QueueState>();

    public DbSet<LabHost> Hosts => Set<LabHost>();

    public DbSet<TaskAttempt> TaskAttempts => Set<TaskAttempt>();

    public DbSet<WrittenAnswer> Answers => Set<WrittenAnswer>();

    public DbSet<AnswerComment> Comments => Set<AnswerComment>();

    public DbSet<Pin> Pins => Set<Pin>();

    public DbSet<Course> Courses => Set<Course>();

    public DbSet<Section> Sections => Set<Section>();

    public DbSet<Purge> Purges => Set<Purge>();

    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    /// <summary>The collation that sorts "ada" beside "Ada". Whether two names are one is no question for a database: see <see cref="Member.NameKey"/>.</summary>
    protected virtual string IgnoringCase => "NOCASE";

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite has no date type: whole milliseconds sort and compare.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<RunState>().HaveConversion<string>();
        configurationBuilder.Properties<MemberRole>().HaveConversion<string>();
        configurationBuilder.Properties<AuditKind>().HaveConversion<string>();
        configurationBuilder.Properties<PurgeChoice>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Member>(member =>
        {
            member.Property(m => m.Name).HasMaxLength(Member.NameLength).UseCollation(IgnoringCase);
            member.HasIndex(m => m.NameKey).IsUnique();
            member.HasIndex(m => m.TokenHash).IsUnique();
            // No foreign key to sections: SQLite would rebuild the whole table for it. A section with members is not removed.
            member.HasIndex(m => m.SectionId);
        });
        // How a member signs in goes with them.
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
        modelBuilder.Entity<EndedSignIn>(ended =>
        {
            ended.HasKey(e => e.Ticket);
            ended.Property(e => e.Ticket).HasMaxLength(EndedSignIn.TicketLength);
            ended.HasIndex(e => e.EndedAt);
        });
        modelBuilder.Entity<SignInFailure>(failures =>
        {
            failures.HasKey(f => f.Key);
            failures.Property(f => f.Key).HasMaxLength(SignInFailure.KeyLength);
            failures.HasIndex(f => f.LastAt);
        });
        modelBuilder.Entity<Run>(run =>
        {
            run.Property(r => r.Name).HasMaxLength(Run.NameLength);
            run.Property(r => r.Job).HasMaxLength(Run.JobLength);
            run.Property(r => r.Hyperparameters).HasConversion<HyperparametersAsJson>();
            run.HasOne(r => r.Owner).WithMany().HasForeignKey(r => r.OwnerId).OnDelete(DeleteBehavior.Restrict);
            run.Property(r => r.Host).HasMaxLength(LabHost.NameLength);
            run.Property(r => r.InfrastructureFailures).HasColumnName("HostFaults");
            run.HasIndex(r => r.State);
            run.Property(r => r.IdempotencyKey).HasMaxLength(Run.IdempotencyKeyLength);
            run.HasIndex(r => new { r.OwnerId, r.IdempotencyKey }).IsUnique();
            run.Ignore(r => r.IsOver).Ignore(r => r.Settings);
        });
        modelBuilder.Entity<RunAttempt>(use =>
        {
            // The table keeps the name that it was made with.
            use.ToTable("SlotUses");
            use.HasKey(u => new { u.RunId, u.Attempt });
            use.Property(u => u.Host).HasMaxLength(LabHost.NameLength);
            use.HasOne<Member>().WithMany().HasForeignKey(u => u.OwnerId).OnDelete(DeleteBehavior.Cascade);
            use.HasIndex(u => u.EndedAt);
        });
        modelBuilder.Entity<QueueState>(queue =>
        {
            queue.Property(q => q.Id).ValueGeneratedNever();
            queue.Property(q => q.PauseReason).HasMaxLength(QueueState.ReasonLength);
            queue.Ignore(q => q.Limits);
            queue.HasData(new QueueState());
        });
        modelBuilder.Entity<LabHost>(host =>
        {
            host.HasKey(h => h.Name);
            host.Property(h => h.Name).HasMaxLength(LabHost.NameLength);
            host.Property(h => h.Devices).HasConversion(new ListAsJson<string>(), new SameJson<string>());
            host.Property(h => h.Gpus).HasConversion(new ListAsJson<GpuReading>(), new SameJson<GpuReading>());
        });
        // Coursework goes with its member.
        modelBuilder.Entity<TaskAttempt>(attempt =>
        {
            attempt.ToTable("Attempts");
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
        modelBuilder.Entity<Course>(course =>
        {
            course.Property(c => c.Name).HasMaxLength(Course.NameLength);
            course.Property(c => c.Datasets).HasConversion((ValueConverter)new ListAsJson<string>(), new SameJson<string>());
        });
        modelBuilder.Entity<Section>(section =>
        {
            section.Property(s => s.Name).HasMaxLength(Section.NameLength);
            section.Property(s => s.Code).HasMaxLength(JoinCode.Length);
            section.HasIndex(s => s.CodeHash).IsUnique();
        });
        modelBuilder.Entity<Purge>(purge =>
        {
            purge.Property(p => p.Host).HasMaxLength(Purge.HostLength);
            purge.Property(p => p.Address).HasMaxLength(AuditEntry.AddressLength);
            purge.Ignore(p => p.IsOver);
            purge.HasOne<Course>().WithMany().HasForeignKey(p => p.CourseId).OnDelete(DeleteBehavior.Cascade);
        });
        // No key to members: an entry outlives the one it names.
        modelBuilder.Entity<AuditEntry>(entry =>
        {
            entry.Property(e => e.Subject).HasMaxLength(AuditEntry.SubjectLength);
            entry.Property(e => e.Detail).HasMaxLength(AuditEntry.DetailLength);
            entry.Property(e => e.Address).HasMaxLength(AuditEntry.AddressLength);
            entry.HasIndex(e => e.At);
            entry.HasIndex(e => e.MemberId);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds(value));

    private sealed class ListAsJson<T>() : ValueConverter<IReadOnlyList<T>, string>(
        value => JsonSerializer.Serialize(value, LabJson.Line),
        text => JsonSerializer.Deserialize<List<T>>(text, LabJson.Line)!);

    /// <summary>Lists are replaced, never changed.</summary>
    private sealed class SameJson<T>() : ValueComparer<IReadOnlyList<T>>(
        (left, right) => left == right || (left != null && right != null && left.SequenceEqual(right)), list => list == null ? 0 : list.Count, list => list);

    /// <summary>A hyperparameter that is added later takes its default in older rows.</summary>
    private sealed class HyperparametersAsJson() : ValueConverter<Hyperparameters, string>(
        value => JsonSerializer.Serialize(value, LabJson.Line),
        text => JsonSerializer.Deserialize<Hyperparameters>(text, LabJson.Line)!);
}
