using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Classroom.SignIn;

/// <summary>A member as their sign-ins are held against them.</summary>
/// <param name="Stamp">Identity's security stamp: another one ends all sign-ins so far.</param>
/// <param name="IsTicketEnded">The sign-in that was asked about was ended by signing out.</param>
public sealed record Admission(Member Member, string Stamp, bool IsTicketEnded = false)
{
    /// <summary>Of whoever has never changed anything about their sign-in.</summary>
    public const string FirstStamp = "";
}

/// <summary>Who belongs to the class.</summary>
public sealed class Members(IDbContextFactory<LabDbContext> contexts, ClassKeys keys, TimeProvider clock)
{
    /// <summary>How long a sign-in lasts without a visit: one term.</summary>
    public static readonly TimeSpan SignInLife = TimeSpan.FromDays(180);

    private const string InstructorName = "Instructor";

    /// <param name="sectionId">Of their course; null for the first section of all.</param>
    /// <returns>The new student and the token of their return link; null when somebody has this name already, or one that looks like it.</returns>
    public async Task<(Member Member, string Token)?> TryJoinAsync(string name, int? sectionId, CancellationToken cancellationToken)
    {
        var token = ClassKeys.Token();
        // One writer at a time, so nobody takes the name between the look and the insert.
        var member = await contexts.WriteAsync(async db =>
        {
            if (await db.FindByNameAsync(name, cancellationToken) is not null) return null;

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

    /// <returns>Whether somebody has a name that only looks like this one: other letters, signs that are not seen. Told apart from the same name in capitals.</returns>
    public async Task<bool> IsLookAlikeAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.FindByNameAsync(name, cancellationToken) is { } other && !string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase);
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

    /// <returns>The instructor who comes in with the host's own token.</returns>
    public async Task<int?> HostIdAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Members.Where(member => member.IsHost).Select(member => (int?)member.Id).FirstOrDefaultAsync(cancellationToken);
    }

    /// <returns>All students, by name.</returns>
    public async Task<IReadOnlyList<Member>> StudentsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Members.AsNoTracking().Where(member => member.Role == MemberRole.Student).OrderBy(member => member.Name).ToListAsync(cancellationToken);
    }

    /// <param name="ticket">A sign-in of theirs, to learn whether it was ended; null where there is none.</param>
    /// <returns>Null when there is nobody with this id, or no longer.</returns>
    public async Task<Admission?> FindAsync(int memberId, CancellationToken cancellationToken, string? ticket = null)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Members.AsNoTracking().Where(member => member.Id == memberId)
            .Select(member => new
            {
                Member = member,
                Stamp = db.Accounts.Where(account => account.Id == member.Id).Select(account => account.SecurityStamp).FirstOrDefault(),
                IsEnded = ticket != null && db.EndedSignIns.Any(ended => ended.Ticket == ticket),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new(found.Member, found.Stamp ?? Admission.FirstStamp, found.IsEnded);
    }

    /// <summary>Ends one sign-in for good, on all portals: a copy of its cookie opens nothing any more.</summary>
    public async Task EndSignInAsync(string ticket, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // A cookie is not taken any more by then, ended or not.
        var gone = now - SignInLife - TimeSpan.FromDays(1);
        await contexts.WriteAsync(async db =>
        {
            await db.EndedSignIns.Where(ended => ended.EndedAt < gone).ExecuteDeleteAsync(cancellationToken);
            if (await db.EndedSignIns.AnyAsync(ended => ended.Ticket == ticket, cancellationToken)) return 0;
            db.EndedSignIns.Add(new() { Ticket = ticket, EndedAt = now });
            return await db.SaveChangesAsync(cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Notes that they have signed in.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<Admission?> AdmitAsync(int memberId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Members.Where(member => member.Id == memberId).ExecuteUpdateAsync(set => set.SetProperty(member => member.SignedInAt, now), cancellationToken);
        return await FindAsync(memberId, cancellationToken);
    }

    /// <summary>Makes a new return link; the one so far leads nowhere any more, and all sign-ins end.</summary>
    /// <returns>Its token.</returns>
    /// <exception cref="RequestRefusedException">The member is gone, or it is the one who comes in with the host's own token.</exception>
    public async Task<string> NewReturnTokenAsync(int memberId, CancellationToken cancellationToken)
    {
        var token = ClassKeys.Token();
        var hash = ClassKeys.HashOf(token);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Members.Where(member => member.Id == memberId && !member.IsHost)
            .ExecuteUpdateAsync(set => set.SetProperty(member => member.TokenHash, hash), cancellationToken) > 0
            ? token
            : throw new RequestRefusedException("There is no return link for this member.");
    }

    /// <summary>Makes the instructor's token of this start the one that counts.</summary>
    public async Task SetInstructorAsync(CancellationToken cancellationToken)
    {
        var hash = ClassKeys.HashOf(keys.InstructorToken);
        await contexts.WriteAsync(async db =>
        {
            // Before there were several instructors nobody was marked: it was the only one.
            var instructor = await db.Members.Where(member => member.Role == MemberRole.Instructor)
                .OrderByDescending(member => member.IsHost).ThenBy(member => member.Id).FirstOrDefaultAsync(cancellationToken);
            if (instructor is null)
            {
                db.Members.Add(new() { Name = InstructorName, Role = MemberRole.Instructor, IsHost = true, TokenHash = hash, JoinedAt = clock.GetUtcNow() });
            }
            else
            {
                (instructor.IsHost, instructor.TokenHash) = (true, hash);
            }
            return await db.SaveChangesAsync(cancellationToken);        // writes nothing when it is the same
        }, cancellationToken);
    }

    /// <returns>Without blanks at its ends; null when it cannot be shown as a name.</returns>
    public static string? CheckedName(string? typed)
    {
        var name = string.Join(' ', (typed ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        // The replacement character: a form had bytes that are no text.
        return InputText.IsLine(name, Member.NameLength) && !name.Contains('\uFFFD', StringComparison.Ordinal) && name.EnumerateRunes().Any(Rune.IsLetter) && !name.Any(TurnsTheLine) && NameKey.Of(name).Length > 0 ? name : null;
    }

    /// <summary>Of these a name would change how the text around it reads: they turn its direction.</summary>
    private static bool TurnsTheLine(char letter) => letter is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}

/// <summary>Gives the instructor a row before the first request.</summary>
public sealed class InstructorSetup(Members members) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => members.SetInstructorAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
