using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Pneumothorax.Lab.Classroom.SignIn;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>
/// Browsers on which members have signed in before, by a protected cookie that outlives the sign-in. It opens nothing. A member's wrong
/// passwords are counted apart on such a browser, so what others guess elsewhere never keeps the owner of a name out.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection)
{
    private const string Cookie = "Pneumothorax.Lab.Device";

    /// <summary>A computer of a lecture room has many users; the newest ones stay known.</summary>
    private const int MostMembers = 12;

    private static readonly TimeSpan s_life = TimeSpan.FromDays(365);

    private readonly IDataProtector _protector = protection.CreateProtector("Pneumothorax.Lab.KnownDevices");
    private readonly HostCookies _cookies = new();

    /// <returns>The browser's number; null where this member has not signed in on it.</returns>
    internal string? Of(HttpContext context, int memberId) => Read(context) is var (device, members) && members.Contains(memberId) ? device : null;

    internal void Remember(HttpContext context, int memberId)
    {
        var (device, members) = Read(context) ?? (ClassKeys.Token(), []);
        var value = string.Join(' ', [device, .. members.Where(other => other != memberId).Prepend(memberId).Take(MostMembers).Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        _cookies.AppendResponseCookie(context, Cookie, _protector.Protect(value), new()
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = s_life,
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });
    }

    private (string Device, List<int> Members)? Read(HttpContext context)
    {
        if (_cookies.GetRequestCookie(context, Cookie) is not { Length: > 0 } cookie) return null;
        try
        {
            return _protector.Unprotect(cookie).Split(' ') is [var device, .. var members]
                ? (device, [.. members.Select(id => int.Parse(id, CultureInfo.InvariantCulture))])
                : null;
        }
        catch (CryptographicException)
        {
            return null;        // of another lab, or forged
        }
    }
}
