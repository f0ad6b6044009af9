using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.SignIn;

/// <summary>A member as the instructor's list of people shows them.</summary>
/// <param name="HasUniversity">They have come in through the university.</param>
/// <param name="WaitsUntil">Too many wrong passwords came for this name: until then none is looked at on a computer that they have not used before.</param>
/// <param name="Tokens">Personal tokens that still hold.</param>
/// <param name="SeenAt">When they signed in, read the guide or used a token last.</param>
public sealed record Person(Member Member, bool HasPassword, bool HasUniversity, DateTimeOffset? WaitsUntil, int Tokens, DateTimeOffset SeenAt)
{
    public int Id => Member.Id;

    public string Name => Member.Name;
}

/// <summary>Who belongs to the lab, and as what. Only the instructor asks.</summary>
public sealed class People(IDbContextFactory<LabDbContext> contexts, Members members, Passwords passwords, SignInLimits limits, Audit audit, TimeProvider clock)
{
    /// <returns>Everybody, instructors and assistants first, then by name.</returns>
    public async Task<IReadOnlyList<Person>> ListAsync(Viewer by, CancellationToken cancellationToken)
    {
        Check(by);
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var all = await db.Members.AsNoTracking().OrderBy(member => member.Name).ToListAsync(cancellationToken);
        var withPassword = (await db.Accounts.Where(account => account.PasswordHash != null).Select(account => account.Id).ToListAsync(cancellationToken)).ToHashSet();
        var waiting = await limits.WaitingAsync(cancellationToken);
        var connected = (await db.Logins.Select(login => login.UserId).Distinct().ToListAsync(cancellationToken)).ToHashSet();
        var tokens = (await db.AccessTokens.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(token => token.MemberId);
        return [.. all.Select(Of).OrderByDescending(person => person.Member.Role)];

        Person Of(Member member)
        {
            DateTimeOffset?[] times = [member.SeenAt, member.SignedInAt, .. tokens[member.Id].Select(token => token.LastUsedAt)];
            return new(
                member, withPassword.Contains(member.Id), connected.Contains(member.Id),
                waiting.TryGetValue(GuessSource.PasswordOf(member.Id, member.Name).Key, out var until) ? until : null,
                tokens[member.Id].Count(token => !(token.ExpiresAt <= now)), times.Max() ?? member.JoinedAt);
        }
    }

    /// <summary>Adds somebody who cannot or shall not join with the class code.</summary>
    /// <exception cref="RequestRefusedException">The name is taken, or cannot be one.</exception>
    public async Task<Member> AddAsync(string name, MemberRole role, Viewer by, CancellationToken cancellationToken)
    {
        Check(by);
        if (Members.CheckedName(name) is not { } checkedName) throw new RequestRefusedException($"A name must contain letters and have at most {Member.NameLength} characters.");
        if (await members.TryJoinAsync(checkedName, sectionId: null, cancellationToken) is not var (member, _))
        {
            throw new RequestRefusedException(await members.IsLookAlikeAsync(checkedName, cancellationToken)
                ? $"Somebody already has a name that looks like {checkedName}. Add a family name or a letter."
                : $"The name {checkedName} is already taken.");
        }
        await NoteAsync(by, AuditKind.AccountCreated, member.Id, "", cancellationToken);
        if (role != MemberRole.Student) await SetRoleAsync(member.Id, role, by, cancellationToken);
        return member;
    }

    /// <summary>Their open pages notice within half a minute, their next page at once.</summary>
    /// <exception cref="RequestRefusedException">It is the host's own instructor or whoever asks, or the member is gone.</exception>
    public async Task SetRoleAsync(int memberId, MemberRole role, Viewer by, CancellationToken cancellationToken)
    {
        Check(by);
        if (memberId == by.MemberId) throw new RequestRefusedException("You cannot change your own role; another instructor can.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Members.Where(member => member.Id == memberId && !member.IsHost).ExecuteUpdateAsync(set => set.SetProperty(member => member.Role, role), cancellationToken) == 0)
            throw new RequestRefusedException("The role of the person who hosts the lab cannot be changed, or this member has been erased.");
        await NoteAsync(by, AuditKind.RoleChanged, memberId, $"now {role.ToString().ToLowerInvariant()}", cancellationToken);
    }

    /// <inheritdoc cref="Passwords.LinkAsync"/>
    public async Task<string> PasswordLinkAsync(int memberId, Viewer by, CancellationToken cancellationToken)
    {
        Check(by);
        var link = await passwords.LinkAsync(memberId, cancellationToken);
        await NoteAsync(by, AuditKind.PasswordReset, memberId, "a one-time link", cancellationToken);
        return link;
    }

    /// <returns>Path and query of a new return link; the one before leads nowhere any more.</returns>
    /// <exception cref="RequestRefusedException">The member has none, or is gone.</exception>
    public async Task<string> ReturnLinkAsync(int memberId, Viewer by, CancellationToken cancellationToken)
    {
        Check(by);
        var token = await members.NewReturnTokenAsync(memberId, cancellationToken);
        await NoteAsync(by, AuditKind.AccountChanged, memberId, "a new return link", cancellationToken);
        return $"/return?token={token}";
    }

    /// <summary>Ends all sign-ins on all computers.</summary>
    public async Task EndSignInsAsync(int memberId, Viewer by, CancellationToken cancellationToken)
    {
        Check(by);
        await passwords.EndSignInsAsync(memberId, cancellationToken);
        await NoteAsync(by, AuditKind.AccountChanged, memberId, "all sign-ins ended", cancellationToken);
    }

    /// <summary>Lets somebody try their password again before the time is over.</summary>
    public async Task UnlockAsync(int memberId, Viewer by, CancellationToken cancellationToken)
    {
        Check(by);
        await limits.ForgetAsync(GuessSource.PasswordOf(memberId, ""), cancellationToken);
        await NoteAsync(by, AuditKind.AccountChanged, memberId, "may try passwords again", cancellationToken);
    }

    private Task NoteAsync(Viewer by, AuditKind kind, int memberId, string detail, CancellationToken cancellationToken) =>
        audit.RecordAsync(by, kind, $"member {memberId}", memberId, detail, cancellationToken);

    private static void Check(Viewer by)
    {
        if (!by.IsInstructor) throw new RequestRefusedException("Only an instructor can manage people and their roles.");
    }
}
