using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Classroom.SignIn;

/// <summary>What became of a name and a password.</summary>
public enum PasswordCheck
{
    Right,
    Wrong,

    /// <summary>Too many wrong ones came from there, or for this name; the right one is not looked at either until the wait is over.</summary>
    MustWait,
}

/// <param name="MemberId">Whose it is when it is right.</param>
/// <param name="Wait">How long nothing is looked at.</param>
public readonly record struct PasswordAnswer(PasswordCheck Check, int? MemberId = null, TimeSpan? Wait = null);

/// <summary>Where a password is typed.</summary>
/// <param name="Address">The network address.</param>
/// <param name="DeviceOf">The browser's number where this member has signed in on it before, else null.</param>
public sealed record PasswordSource(string Address, Func<int, string?>? DeviceOf = null)
{
    /// <summary>What others guess for a name does not count where its owner has been before.</summary>
    public IReadOnlyList<GuessSource> Guessing(int? memberId, string name) => memberId is { } id && DeviceOf?.Invoke(id) is { } device
        ? [GuessSource.PasswordOn(device, id)]
        : [GuessSource.PasswordOf(memberId, name), GuessSource.PasswordFrom(Address)];
}

/// <summary>
/// Passwords, one-time links to set them, and the stamp that ends sign-ins, all by ASP.NET Core Identity. Its lock-out is not used: anybody could
/// lock a name for its owner. <see cref="SignInLimits"/> counts wrong passwords instead.
/// </summary>
public sealed class Passwords(AccountStore accounts, SignInLimits limits)
{
    public const int LeastLength = 8;
    public const int MostLength = 128;
    public const int WrongOnes = 8;
    /// <summary>The page of one-time links.</summary>
    public const string LinkPath = "/password";

    public static readonly TimeSpan LinkLife = TimeSpan.FromDays(3);

    public static void Configure(IdentityOptions identity)
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
    }

    /// <returns>The member when the password is right.</returns>
    public async Task<PasswordAnswer> CheckAsync(string name, string password, PasswordSource from, CancellationToken cancellationToken)
    {
        var id = await accounts.UseAsync(async (db, _) => (await db.FindByNameAsync(name, cancellationToken))?.Id, cancellationToken);
        var (found, wait) = await limits.TryAsync(from.Guessing(id, name), () => MatchAsync(id, password, cancellationToken), cancellationToken);
        return Answer(found, wait);
    }

    /// <returns>The account when this is its password.</returns>
    private Task<Account?> MatchAsync(int? memberId, string password, CancellationToken cancellationToken) => accounts.UseAsync(async (_, users) =>
    {
        var found = memberId is { } id ? await users.FindAsync(id) : null;
        if (found?.PasswordHash is null || password.Length > MostLength)
        {
            users.PasswordHasher.HashPassword(new(), "as long as for a name that has one");
            return null;
        }
        return await users.CheckPasswordAsync(found, password) ? found : null;
    }, cancellationToken);

    private static PasswordAnswer Answer(Account? found, TimeSpan? wait) =>
        found is not null ? new(PasswordCheck.Right, found.Id) : wait is null ? new(PasswordCheck.Wrong) : new(PasswordCheck.MustWait, Wait: wait);

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
    /// <exception cref="RequestRefusedException">The new one is not acceptable.</exception>
    public async Task<PasswordCheck> ChangeAsync(int memberId, string? current, string chosen, CancellationToken cancellationToken)
    {
        if (!await AcceptsAsync(chosen, cancellationToken)) throw Unacceptable();
        await accounts.EnsureAsync(memberId, cancellationToken);
        var has = await accounts.UseAsync(async (_, users) => (await users.FindAsync(memberId))?.PasswordHash is not null, cancellationToken);
        if (has)
        {
            // Guesses from a page that was left open are counted too, apart from those of whoever signs in.
            var (found, wait) = await limits.TryAsync([GuessSource.PasswordChange(memberId)], () => MatchAsync(memberId, current ?? "", cancellationToken), cancellationToken);
            if (Answer(found, wait) is { Check: not PasswordCheck.Right } refused) return refused.Check;
        }
        await accounts.UseAsync(async (_, users) =>
        {
            var account = (await users.FindAsync(memberId))!;
            return (has ? await users.ChangePasswordAsync(account, current!, chosen) : await users.AddPasswordAsync(account, chosen)).OrRefused();
        }, cancellationToken);
        return PasswordCheck.Right;
    }

    /// <summary>For whoever has forgotten theirs, or has none yet.</summary>
    /// <returns>Path and query of a page that sets a password once, within <see cref="LinkLife"/>.</returns>
    public async Task<string> LinkAsync(int memberId, CancellationToken cancellationToken)
    {
        await accounts.EnsureAsync(memberId, cancellationToken);
        var token = await accounts.UseAsync(async (_, users) => await users.GeneratePasswordResetTokenAsync((await users.FindAsync(memberId))!), cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{LinkPath}?member={memberId}&token={Uri.EscapeDataString(token)}");
    }

    /// <returns>The member's name while such a link holds; null when it was used, is too old or was never given.</returns>
    public Task<string?> NameOfLinkAsync(int memberId, string? token, CancellationToken cancellationToken) => accounts.UseAsync(async (db, users) =>
        await users.FindAsync(memberId) is { } account && !string.IsNullOrEmpty(token)
        && await users.VerifyUserTokenAsync(account, users.Options.Tokens.PasswordResetTokenProvider, UserManager<Account>.ResetPasswordTokenPurpose, token)
            ? await db.Members.Where(member => member.Id == memberId).Select(member => member.Name).SingleOrDefaultAsync(cancellationToken)
            : null, cancellationToken);

    /// <summary>Sets a password by a one-time link; all sign-ins so far end, and a wait too.</summary>
    /// <returns>False when the link no longer holds.</returns>
    /// <exception cref="RequestRefusedException">The password is not acceptable.</exception>
    public async Task<bool> SetByLinkAsync(int memberId, string? token, string chosen, CancellationToken cancellationToken)
    {
        if (!await AcceptsAsync(chosen, cancellationToken)) throw Unacceptable();
        var isSet = await accounts.UseAsync(async (_, users) =>
            await users.FindAsync(memberId) is { } account && !string.IsNullOrEmpty(token) && (await users.ResetPasswordAsync(account, token, chosen)).Succeeded, cancellationToken);
        if (isSet) await limits.ForgetAsync(GuessSource.PasswordOf(memberId, ""), cancellationToken);
        return isSet;
    }

    /// <summary>Ends every sign-in of a member, on all computers and portals. Their return link, password and tokens stay as they are.</summary>
    public async Task EndSignInsAsync(int memberId, CancellationToken cancellationToken)
    {
        await accounts.EnsureAsync(memberId, cancellationToken);
        await accounts.UseAsync(async (_, users) => (await users.UpdateSecurityStampAsync((await users.FindAsync(memberId))!)).OrRefused(), cancellationToken);
    }

    private static RequestRefusedException Unacceptable() => new($"A password must have {LeastLength} to {MostLength} characters, at least 4 of them different.");
}
