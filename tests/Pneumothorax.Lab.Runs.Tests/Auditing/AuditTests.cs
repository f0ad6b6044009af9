using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Auditing;

public abstract class AuditTests(TestLabs labs)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ActingOnAnothersRun_LeavesARow_AndOnOnesOwnNone()
    {
        await using var lab = await labs.OpenAsync();
        var mira = await lab.AddStudentAsync("Mira");
        var (one, two) = (await lab.LaunchAsync(mira), await lab.LaunchAsync(mira));

        await lab.Launcher.CancelAsync(one.Id, mira, Token);
        await lab.Launcher.DeleteAsync(one.Id, mira, Token);
        Assert.Empty(await lab.Get<Audit>().ListAsync(new(), cancellationToken: Token));
        var instructor = TestLab.Instructor with { Address = "192.0.2.7" };
        await lab.Launcher.CancelAsync(two.Id, instructor, Token);
        await lab.Launcher.DeleteAsync(two.Id, instructor, Token);

        var rows = await lab.Get<Audit>().ListAsync(new(), cancellationToken: Token);
        Assert.Equal([AuditKind.RunDeleted, AuditKind.RunCanceled], rows.Select(row => row.Entry.Kind));
        Assert.All(rows, row => Assert.Equal(($"run {two.Id}", mira.MemberId, "Mira", "192.0.2.7"), (row.Entry.Subject, row.Entry.MemberId, row.About, row.Entry.Address)));
    }

    [Fact]
    public async Task ErasingAStudent_KeepsTheRows_ButNotHisName()
    {
        await using var lab = await labs.OpenAsync();
        var mira = await lab.AddStudentAsync("Mira Kowalski");
        var run = await lab.LaunchAsync(mira, "Mira Kowalski's best");
        await lab.Launcher.CancelAsync(run.Id, TestLab.Instructor, Token);

        await lab.Get<StudentErasure>().EraseAsync(mira.MemberId!.Value, TestLab.Instructor, Token);

        var rows = await lab.Get<Audit>().ListAsync(new(About: mira.MemberId), cancellationToken: Token);
        Assert.Equal([AuditKind.StudentErased, AuditKind.RunCanceled], rows.Select(row => row.Entry.Kind));
        Assert.All(rows, row => Assert.Null(row.About));
        await using var db = await lab.Get<IDbContextFactory<LabDbContext>>().CreateDbContextAsync(Token);
        Assert.DoesNotContain(await db.Audit.ToListAsync(Token), entry => $"{entry.Subject} {entry.Detail}".Contains("Mira", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_IsFilteredByWhoWhatWhomAndWhen_NewestFirst_PageByPage()
    {
        await using var lab = await labs.OpenAsync();
        var (audit, ada, bo) = (lab.Get<Audit>(), await lab.AddStudentAsync("Ada"), await lab.AddStudentAsync("Bo"));
        await audit.RecordAsync(ada, AuditKind.CodeRenewed, "section 1", cancellationToken: Token);
        await audit.RecordAsync(bo, AuditKind.CodeRenewed, "section 2", cancellationToken: Token);
        await audit.RecordAsync(bo, AuditKind.StudentMoved, "section 3", ada.MemberId, new string('x', 1000), Token);

        Assert.Equal(["section 3", "section 2"], await SubjectsAsync(new(Actor: bo.MemberId)));
        Assert.Equal(["section 2", "section 1"], await SubjectsAsync(new(Kind: AuditKind.CodeRenewed)));
        Assert.Equal(["section 3"], await SubjectsAsync(new(About: ada.MemberId)));
        Assert.Empty(await SubjectsAsync(new(Until: DateTimeOffset.UtcNow.AddDays(-1))));
        Assert.Equal(3, (await SubjectsAsync(new(From: DateTimeOffset.UtcNow.AddDays(-1)))).Count);
        var newest = Assert.Single(await audit.ListAsync(new(), most: 1, cancellationToken: Token));
        Assert.Equal(AuditEntry.DetailLength, newest.Entry.Detail.Length);
        Assert.Equal(["section 2", "section 1"], (await audit.ListAsync(new(), before: newest.Entry.Id, cancellationToken: Token)).Select(row => row.Entry.Subject));
        Assert.Equal(["Ada", "Bo"], (await audit.ActorsAsync(Token)).Select(actor => actor.Name));

        async Task<IReadOnlyList<string?>> SubjectsAsync(AuditFilter filter) => [.. (await audit.ListAsync(filter, cancellationToken: Token)).Select(row => row.Entry.Subject)];
    }
}

public sealed class EmbeddedAuditTests() : AuditTests(TestLabs.Embedded);

public sealed class ScaledOutAuditTests(PostgresServer server) : AuditTests(new TestLabs(server));
