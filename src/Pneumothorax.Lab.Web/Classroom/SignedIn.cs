using System.Globalization;
using System.Security.Claims;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Admin;

namespace Pneumothorax.Lab.Web.Classroom;

/// <summary>A member as the claims of a cookie or of one API request, and back.</summary>
internal static class SignedIn
{
    /// <summary>In the encrypted cookie only: the database has no more than a hash of it, and the account menu shows the link.</summary>
    private const string ReturnToken = "return-token";
    private const string TokenHash = "token-hash";

    public static ClaimsPrincipal Principal(Member member, string scheme, string? returnToken = null)
    {
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, member.Id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, member.Name),
            new(ClaimTypes.Role, member.Role.ToString()),
            new(TokenHash, member.TokenHash),
        ];
        if (returnToken is not null) claims.Add(new(ReturnToken, returnToken));
        return new(new ClaimsIdentity(claims, scheme));
    }

    /// <returns>Null for somebody who is not signed in.</returns>
    public static Viewer? ToViewer(this ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true
        && int.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id)
            ? new(id, user.Identity.Name ?? "", user.IsInRole(nameof(MemberRole.Instructor))) { Address = user.CallerAddress() }
            : null;

    /// <returns>Address that signs this student in on another computer; null for the instructor, who has his own link.</returns>
    public static string? ReturnPath(this ClaimsPrincipal user) =>
        user.FindFirstValue(ReturnToken) is { } token ? $"/return?token={Uri.EscapeDataString(token)}" : null;

    /// <returns>Whether this sign-in still counts.</returns>
    public static async Task<bool> IsAdmittedAsync(this ClaimsPrincipal user, Members members, CancellationToken cancellationToken) =>
        user.ToViewer() is { MemberId: { } id } && user.FindFirstValue(TokenHash) is { } hash && await members.AdmitsAsync(id, hash, cancellationToken);

    /// <summary>Names what a browser keeps for this member: nobody else has the same name, not even in another lab at the same address.</summary>
    /// <returns>Null for somebody who is not signed in.</returns>
    public static string? DraftKey(this ClaimsPrincipal user) =>
        user.FindFirstValue(TokenHash) is { } hash ? ClassKeys.HashOf("drafts of " + hash)[..24] : null;
}
