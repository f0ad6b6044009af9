using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Accounts;

namespace Pneumothorax.Lab.Web.Accounts;

/// <summary>What became of a name and a password.</summary>
public enum PasswordCheck
{
    Right,
    Wrong,

    /// <summary>Too many wrong ones came in a row; the right one is not taken either until the time is over.</summary>
    LockedOut,
}

/// <summary>
/// Passwords, one-time links to set them, and the stamp that ends sign-ins, all by ASP.NET Core Identity. Wrong passwords are counted in the
/// database, so the lock-out holds on every portal.
/// </summary>
public sealed class Passwords(AccountStore accounts)
{
    public const int LeastLength = 8;
    public const int MostLength = 128;
    public const int WrongOnes = 8;
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LinkLife = TimeSpan.FromDays(3);

    internal static void Configure(IdentityOptions identity)
    {
        // Length is what helps; rules about digits and signs make people write passwords down.
        identity.Password = new()
        {
            RequiredLength = LeastLength,
            RequiredUniqueChars = 4,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
        };
        identity.Lockout = new() { MaxFailedAccessAttempts = WrongOnes, DefaultLockoutTimeSpan = LockOut, AllowedForNewUsers = true };
    }

    /// <returns>The member when the password is right.</returns>
    public async Task<(PasswordCheck Check, int? MemberId)> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        var (check, account) = await accounts.UseAsync<(PasswordCheck, Account?)>(async (db, users) =>
        {
            var id = (await db.FindByNameAsync(name, cancellationToken))?.Id;
            var found = id is null ? null : await users.FindAsync(id.Value);
            if (found?.PasswordHash is null || password.Length > MostLength)
            {
                users.PasswordHasher.HashPassword(new(), "as long as for a name that has one");
                return (PasswordCheck.Wrong, null);
            }
            if (await users.IsLockedOutAsync(found)) return (PasswordCheck.LockedOut, found);
            if (!await users.CheckPasswordAsync(found, password)) return (PasswordCheck.Wrong, found);
            if (found.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(found);
            return (PasswordCheck.Right, found);
        }, cancellationToken);
        if (check == PasswordCheck.Wrong && account is not null)
        {
            // One writer at a time: of guesses that come at once every one is counted.
            check = await accounts.WriteAsync(async (_, users) =>
            {
                if (await users.FindAsync(account.Id) is not { } fresh) return PasswordCheck.Wrong;
                await users.AccessFailedAsync(fresh);
                return await users.IsLockedOutAsync(fresh) ? PasswordCheck.LockedOut : PasswordCheck.Wrong;
            }, cancellationToken);
        }
        return (check, check == PasswordCheck.Right ? account!.Id : null);
    }

    /// <returns>Whether it may become somebody's password.</returns>
    public Task<bool> AcceptsAsync(string password, CancellationToken cancellationToken) => accounts.UseAsync(async (_, users) =>
    {
        if (password.Length > MostLength) return false;
        foreach (var validator in users.PasswordValidators)
        {
            if (!(await validator.ValidateAsync(users, new(), password)).Succeeded) return false;
        }
        return true;
    }, cancellationToken);

    /// <summary>Sets or changes one's own password; other computers are signed out.</summary>
    /// <param name="current">The one so far; not asked of somebody who has none.</param>
    /// <returns><see cref="PasswordCheck.Wrong"/> when <paramref name="current"/> is not the one so far.</returns>
    /// <exception cref="RunRefusedException">The new one is not acceptable.</exception>
    public async Task<PasswordCheck> ChangeAsync(int memberId, string? current, string chosen, CancellationToken cancellationToken)
    {
        if (!await AcceptsAsync(chosen, cancellationToken)) throw Unacceptable();
        await accounts.EnsureAsync(memberId, cancellationToken);
        var (name, has) = await accounts.UseAsync(async (db, users) => (
            await db.Members.Where(member => member.Id == memberId).Select(member => member.Name).SingleAsync(cancellationToken),
            (await users.FindAsync(memberId))?.PasswordHash is not null), cancellationToken);
        if (has)
        {
            // Through the same door as a sign-in, so that guesses from a page that was left open are counted too.
            var (check, _) = await CheckAsync(name, current ?? "", cancellationToken);
            if (check != PasswordCheck.Right) return check;
        }
        await accounts.UseAsync(async (_, users) =>
        {
            var account = (await users.FindAsync(memberId))!;
            return (has ? await users.ChangePasswordAsync(account, current!, chosen) : await users.AddPasswordAsync(account, chosen)).OrRefused();
        }, cancellationToken);
        return PasswordCheck.Right;
    }

    /// <summary>For whoever has forgotten his, or has none yet.</summary>
    /// <returns>Path and query of a page that sets a password once, within <see cref="LinkLife"/>.</returns>
    public async Task<string> LinkAsync(int memberId, CancellationToken cancellationToken)
    {
        await accounts.EnsureAsync(memberId, cancellationToken);
        var token = await accounts.UseAsync(async (_, users) => await users.GeneratePasswordResetTokenAsync((await users.FindAsync(memberId))!), cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{AccountEndpoints.PasswordPath}?member={memberId}&token={Uri.EscapeDataString(token)}");
    }

    /// <returns>The member's name while such a link holds; null when it was used, is too old or was never given.</returns>
    public Task<string?> NameOfLinkAsync(int memberId, string? token, CancellationToken cancellationToken) => accounts.UseAsync(async (db, users) =>
        await users.FindAsync(memberId) is { } account && !string.IsNullOrEmpty(token)
        && await users.VerifyUserTokenAsync(account, users.Options.Tokens.PasswordResetTokenProvider, UserManager<Account>.ResetPasswordTokenPurpose, token)
            ? await db.Members.Where(member => member.Id == memberId).Select(member => member.Name).SingleOrDefaultAsync(cancellationToken)
            : null, cancellationToken);

    /// <summary>Sets a password by a one-time link; all sign-ins so far end, and a lock-out too.</summary>
    /// <returns>False when the link no longer holds.</returns>
    /// <exception cref="RunRefusedException">The password is not acceptable.</exception>
    public async Task<bool> SetByLinkAsync(int memberId, string? token, string chosen, CancellationToken cancellationToken)
    {
        if (!await AcceptsAsync(chosen, cancellationToken)) throw Unacceptable();
        return await accounts.UseAsync(async (_, users) =>
        {
            if (await users.FindAsync(memberId) is not { } account || string.IsNullOrEmpty(token)) return false;
            if (!(await users.ResetPasswordAsync(account, token, chosen)).Succeeded) return false;
            if (account.LockoutEnd is not null) await users.SetLockoutEndDateAsync(account, null);
            if (account.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(account);
            return true;
        }, cancellationToken);
    }

    /// <summary>Ends every sign-in of a member, on all computers and portals. His return link, password and tokens stay as they are.</summary>
    public async Task EndSignInsAsync(int memberId, CancellationToken cancellationToken)
    {
        await accounts.EnsureAsync(memberId, cancellationToken);
        await accounts.UseAsync(async (_, users) => (await users.UpdateSecurityStampAsync((await users.FindAsync(memberId))!)).OrRefused(), cancellationToken);
    }

    private static RunRefusedException Unacceptable() => new($"A password has {LeastLength} to {MostLength} characters, at least 4 of them different.");
}
