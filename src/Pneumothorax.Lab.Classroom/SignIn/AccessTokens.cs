using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.SignIn;

/// <summary>Personal tokens for programs. A token is shown when it is made and never again.</summary>
public sealed class AccessTokens(IDbContextFactory<LabDbContext> contexts, TimeProvider clock)
{
    /// <summary>By it, one recognises what has leaked into a file.</summary>
    public const string Prefix = "lab_";

    /// <returns>The token itself, and its row.</returns>
    /// <exception cref="RequestRefusedException">The name is empty or too long, or there are too many.</exception>
    public async Task<(string Token, AccessToken Row)> AddAsync(int memberId, string name, TimeSpan? life, CancellationToken cancellationToken)
    {
        var trimmed = InputText.Seen(name.Trim());
        if (InputText.Fault(name) is { } fault) throw new RequestRefusedException($"The token's name {fault}");
        if (trimmed.Length == 0 || !InputText.IsLine(trimmed, AccessToken.NameLength))
            throw new RequestRefusedException($"A token's name must have 1 to {AccessToken.NameLength} characters. Say what the token is for.");

        var token = Prefix + ClassKeys.Token();
        var now = clock.GetUtcNow();
        var row = await contexts.WriteAsync(async db =>
        {
            if (!await db.Members.AnyAsync(member => member.Id == memberId, cancellationToken)) throw new RequestRefusedException("You are no longer a member of this class.");
            if (await db.AccessTokens.CountAsync(other => other.MemberId == memberId, cancellationToken) >= AccessToken.MostPerMember)
                throw new RequestRefusedException($"You already have {AccessToken.MostPerMember} tokens. Revoke one first.");
            var added = new AccessToken { MemberId = memberId, Name = trimmed, Hash = ClassKeys.HashOf(token), CreatedAt = now, ExpiresAt = now + life };
            db.AccessTokens.Add(added);
            await db.SaveChangesAsync(cancellationToken);
            return added;
        }, cancellationToken);
        return (token, row);
    }

    /// <returns>The newest first, those that have expired too.</returns>
    public async Task<IReadOnlyList<AccessToken>> ListAsync(int memberId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AccessTokens.AsNoTracking().Where(token => token.MemberId == memberId).OrderByDescending(token => token.Id).ToListAsync(cancellationToken);
    }

    /// <summary>From the next request on, nobody gets in with it.</summary>
    /// <returns>False when it is gone already, or somebody else's.</returns>
    public async Task<bool> RevokeAsync(int id, int memberId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AccessTokens.Where(token => token.Id == id && token.MemberId == memberId).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <returns>Whom it stands for, and until when; null when it is nobody's.</returns>
    public async Task<(Member Member, DateTimeOffset? ExpiresAt)?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var hash = ClassKeys.HashOf(token);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.AccessTokens.AsNoTracking().Where(row => row.Hash == hash)
            .Join(db.Members.AsNoTracking(), row => row.MemberId, member => member.Id, (row, member) => new { Row = row, Member = member }).SingleOrDefaultAsync(cancellationToken);
        if (found is null) return null;

        // To the minute: a program that asks a hundred times a second is no reason to write as often.
        var now = clock.GetUtcNow();
        if (!(found.Row.ExpiresAt <= now) && !(now - found.Row.LastUsedAt < TimeSpan.FromMinutes(1)))
        {
            await db.AccessTokens.Where(row => row.Id == found.Row.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), cancellationToken);
        }
        return (found.Member, found.Row.ExpiresAt);
    }
}
