using System.Text;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Storage;

namespace Pneumothorax.Lab.Web.Classroom;

/// <summary>Who belongs to the class.</summary>
public sealed class Members(IDbContextFactory<LabDbContext> contexts, ClassKeys keys, TimeProvider clock)
{
    private const string InstructorName = "Instructor";

    /// <returns>The new student and the token of his return link; null when somebody has this name already.</returns>
    public async Task<(Member Member, string Token)?> TryJoinAsync(string name, int sectionId, CancellationToken cancellationToken)
    {
        var token = ClassKeys.Token();
        // One writer at a time, so nobody takes the name between the look and the insert.
        var member = await contexts.WriteAsync(async db =>
        {
            if (await db.Members.AnyAsync(other => other.Name == name, cancellationToken)) return null;

            var added = new Member
            {
                Name = name,
                Role = MemberRole.Student,
                TokenHash = ClassKeys.HashOf(token),
                JoinedAt = clock.GetUtcNow(),
                SectionId = sectionId,
            };
            db.Members.Add(added);
            await db.SaveChangesAsync(cancellationToken);
            return added;
        }, cancellationToken);
        return member is null ? null : (member, token);
    }

    /// <returns>Null when the token is nobody's.</returns>
    public async Task<Member?> FindByTokenAsync(string? token, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token)) return null;
        // Looked up by hash: how long that takes tells nothing about the token.
        var hash = ClassKeys.HashOf(token);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Members.AsNoTracking().SingleOrDefaultAsync(member => member.TokenHash == hash, cancellationToken);
    }

    /// <returns>All students, by name.</returns>
    public async Task<IReadOnlyList<Member>> StudentsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Members.AsNoTracking().Where(member => member.Role == MemberRole.Student).OrderBy(member => member.Name).ToListAsync(cancellationToken);
    }

    /// <returns>Whether this sign-in still counts: the student is in the class, the instructor's token has not been changed.</returns>
    internal async Task<bool> AdmitsAsync(int memberId, string tokenHash, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Members.AnyAsync(member => member.Id == memberId && member.TokenHash == tokenHash, cancellationToken);
    }

    /// <summary>Makes the instructor's token of this start the one that counts.</summary>
    internal async Task SetInstructorAsync(CancellationToken cancellationToken)
    {
        var hash = ClassKeys.HashOf(keys.InstructorToken);
        await contexts.WriteAsync(async db =>
        {
            var instructor = await db.Members.SingleOrDefaultAsync(member => member.Role == MemberRole.Instructor, cancellationToken);
            if (instructor is null)
            {
                db.Members.Add(new() { Name = InstructorName, Role = MemberRole.Instructor, TokenHash = hash, JoinedAt = clock.GetUtcNow() });
            }
            else
            {
                instructor.TokenHash = hash;
            }
            return await db.SaveChangesAsync(cancellationToken);        // writes nothing when it is the same
        }, cancellationToken);
    }

    /// <returns>Trimmed and in one spelling; null when it cannot be shown as a name.</returns>
    public static string? CheckedName(string? typed)
    {
        var name = string.Join(' ', (typed ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (name.Length is 0 or > Member.NameLength || !name.Any(char.IsLetter) || name.Any(char.IsControl)) return null;
        try { return name.Normalize(NormalizationForm.FormC); }
        catch (ArgumentException) { return null; }      // half of a surrogate pair
    }
}

/// <summary>Gives the instructor a row before the first request.</summary>
internal sealed class InstructorSetup(Members members) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => members.SetInstructorAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
