using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Classroom.SignIn;

/// <summary>Whom a university's sign-in stands for: issuer and subject belong to one member for good, whatever their name becomes.</summary>
public sealed class OidcMembers(AccountStore accounts, TimeProvider clock)
{
    /// <param name="name">What the provider calls them; if somebody of the class has this name, a number is added.</param>
    /// <param name="role">What the provider's claims make of them. It raises a role and never lowers one: the lab may have given a higher.</param>
    /// <param name="mayJoin">Whether a stranger becomes a member.</param>
    /// <param name="sectionId">The section that a stranger joins; null for the first one.</param>
    /// <returns>The member's id; null for a stranger who may not join.</returns>
    public Task<int?> AdmitAsync(string issuer, string subject, string name, MemberRole role, bool mayJoin, int? sectionId, CancellationToken cancellationToken) =>
        accounts.WriteAsync<int?>(async (db, users) =>
        {
            if (await users.FindByLoginAsync(issuer, subject) is { } known)
            {
                var member = await db.Members.SingleAsync(member => member.Id == known.Id, cancellationToken);
                if (role > member.Role) member.Role = role;
                await db.SaveChangesAsync(cancellationToken);
                return known.Id;
            }
            if (!mayJoin) return null;

            var added = new Member
            {
                Name = await FreeNameAsync(db, name, cancellationToken),
                Role = role,
                TokenHash = ClassKeys.HashOf(ClassKeys.Token()),        // nobody has it: they can ask for a return link on their account page
                JoinedAt = clock.GetUtcNow(),
                SectionId = sectionId,
            };
            db.Members.Add(added);
            await db.SaveChangesAsync(cancellationToken);
            await AccountStore.OpenAsync(db, added.Id, cancellationToken);
            await BindAsync(users, added.Id, issuer, subject);
            return added.Id;
        }, cancellationToken);

    /// <summary>Lets somebody who is in the class already also come in through the university.</summary>
    /// <returns>False when this university sign-in is another member's.</returns>
    public async Task<bool> ConnectAsync(int memberId, string issuer, string subject, CancellationToken cancellationToken)
    {
        await accounts.EnsureAsync(memberId, cancellationToken);
        return await accounts.WriteAsync(async (_, users) =>
            await users.FindByLoginAsync(issuer, subject) is { } known ? known.Id == memberId : await BindAsync(users, memberId, issuer, subject),
            cancellationToken);
    }

    private static async Task<bool> BindAsync(UserManager<Account> users, int memberId, string issuer, string subject) =>
        (await users.AddLoginAsync((await users.FindAsync(memberId))!, new(issuer, subject, null))).OrRefused();

    private static async Task<string> FreeNameAsync(LabDbContext db, string name, CancellationToken cancellationToken)
    {
        var free = name;
        for (var number = 2; await db.FindByNameAsync(free, cancellationToken) is not null; number++)
        {
            var end = FormattableString.Invariant($" {number}");
            free = InputText.Cut(name, Member.NameLength - end.Length) + end;
        }
        return free;
    }
}
