using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.SignIn;

/// <summary>Identity's manager on a database context of its own for each piece of work: a page lives for hours, and rows that it has read do not stay true.</summary>
public sealed class AccountStore(IDbContextFactory<LabDbContext> contexts, IServiceScopeFactory scopes)
{
    /// <summary>Without a transaction: hashing a password takes a tenth of a second, for which no other writer shall wait.</summary>
    public async Task<T> UseAsync<T>(Func<LabDbContext, UserManager<Account>, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await WithUsersAsync(db, work);
    }

    /// <inheritdoc cref="LabWrites.WriteAsync"/>
    public Task<T> WriteAsync<T>(Func<LabDbContext, UserManager<Account>, Task<T>> work, CancellationToken cancellationToken) =>
        contexts.WriteAsync(db => WithUsersAsync(db, work), cancellationToken);

    /// <summary>Gives a member an account if they have none: until they need one, a name and a return link are enough.</summary>
    /// <exception cref="RequestRefusedException">The member is gone.</exception>
    public Task EnsureAsync(int memberId, CancellationToken cancellationToken) => WriteAsync(async (db, users) =>
    {
        if (!await db.Members.AnyAsync(member => member.Id == memberId, cancellationToken)) throw new RequestRefusedException("This member has been erased.");
        if (await users.FindAsync(memberId) is null) await OpenAsync(db, memberId, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>A new account. Its stamp is that of members without one: that it is there now ends nobody's sign-in.</summary>
    public static async Task OpenAsync(LabDbContext db, int memberId, CancellationToken cancellationToken)
    {
        db.Accounts.Add(new() { Id = memberId, SecurityStamp = Admission.FirstStamp, LockoutEnabled = true });
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<T> WithUsersAsync<T>(LabDbContext db, Func<LabDbContext, UserManager<Account>, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var users = ActivatorUtilities.CreateInstance<UserManager<Account>>(scope.ServiceProvider, new UserOnlyStore<Account, LabDbContext, int>(db));
        return await work(db, users);
    }
}

public static class IdentityExtensions
{
    public static Task<Account?> FindAsync(this UserManager<Account> users, int memberId) => users.FindByIdAsync(memberId.ToString(CultureInfo.InvariantCulture));

    /// <returns>True.</returns>
    /// <exception cref="RequestRefusedException">Another window of the same person was faster.</exception>
    public static bool OrRefused(this IdentityResult result)
    {
        if (result.Succeeded) return true;
        if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure)))
            throw new RequestRefusedException("This has just been changed in another window. Try again.") { MayPassLater = true };
        throw new InvalidOperationException($"Identity refused: {string.Join(" ", result.Errors.Select(error => error.Code))}.");
    }
}
