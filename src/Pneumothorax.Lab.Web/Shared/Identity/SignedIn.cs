using System.Globalization;
using System.Security.Claims;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.Shared.Identity;

/// <summary>Whether a sign-in still counts.</summary>
internal enum Standing
{
    Good,

    /// <summary>It counts, but name or role are others by now.</summary>
    Changed,

    /// <summary>Ended on purpose: a new password or link, all sign-ins ended, another token of the host.</summary>
    Ended,

    Erased,
}

/// <summary>A member as the claims of a cookie or of one API request, and back.</summary>
internal static class SignedIn
{
    /// <summary>In the encrypted cookie only: the database has no more than a hash of it, and the account menu shows the link.</summary>
    private const string ReturnTokenClaim = "return-token";
    private const string TokenHash = "token-hash";
    private const string Stamp = "stamp";
    private const string ByUniversity = "university";
    private const string TicketClaim = "ticket";

    /// <summary>Roles of those who teach, for pages that are closed to students.</summary>
    public const string Staff = $"{nameof(MemberRole.Instructor)},{nameof(MemberRole.Assistant)}";

    /// <param name="returnToken">Of their return link, where it is known.</param>
    /// <param name="byUniversity">They came through the university, where they may still be signed in after they left the lab.</param>
    /// <param name="ticket">Number of the sign-in, by which it can be ended; null for a new one.</param>
    public static ClaimsPrincipal Principal(Admission admission, string scheme, string? returnToken = null, bool byUniversity = false, string? ticket = null)
    {
        var member = admission.Member;
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, member.Id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, member.Name),
            new(ClaimTypes.Role, member.Role.ToString()),
            new(TokenHash, member.TokenHash),
            new(Stamp, admission.Stamp),
            new(TicketClaim, ticket ?? ClassKeys.Token()),
        ];
        if (returnToken is not null) claims.Add(new(ReturnTokenClaim, returnToken));
        if (byUniversity) claims.Add(new(ByUniversity, "yes"));
        return new(new ClaimsIdentity(claims, scheme));
    }

    /// <returns>The same sign-in with the name and role of now.</returns>
    public static ClaimsPrincipal Renewed(this ClaimsPrincipal user, Admission admission, string? ticket) =>
        Principal(admission, user.Identity!.AuthenticationType!, user.ReturnToken(), user.CameByUniversity(), ticket);

    /// <returns>The number of this sign-in; null for a cookie from before there were any.</returns>
    public static string? Ticket(this ClaimsPrincipal user) => user.FindFirstValue(TicketClaim);

    /// <returns>Null for somebody who is not signed in.</returns>
    public static Viewer? ToViewer(this ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true
        && int.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id)
            ? new(id, user.Identity.Name ?? "", user.IsInRole(nameof(MemberRole.Instructor))) { Address = user.CallerAddress(), IsAssistant = user.IsInRole(nameof(MemberRole.Assistant)) }
            : null;

    public static string? ReturnToken(this ClaimsPrincipal user) => user.FindFirstValue(ReturnTokenClaim);

    public static bool CameByUniversity(this ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == ByUniversity);

    /// <returns>Address that signs this member in on another computer; null where this sign-in does not know it.</returns>
    public static string? ReturnPath(this ClaimsPrincipal user) =>
        user.ReturnToken() is { } token ? $"/return?token={Uri.EscapeDataString(token)}" : null;

    /// <param name="ticket">The number of this sign-in.</param>
    /// <returns>Whether this sign-in still counts, and for whom.</returns>
    public static async Task<(Standing Standing, Admission? Admission)> StandingAsync(
        this ClaimsPrincipal user, string? ticket, Members members, CancellationToken cancellationToken)
    {
        if (user.ToViewer() is not { MemberId: { } id } viewer) return (Standing.Ended, null);
        if (await members.FindAsync(id, cancellationToken, ticket) is not { } admission) return (Standing.Erased, null);
        if (admission.IsTicketEnded) return (Standing.Ended, null);
        // A cookie from before there were stamps carries none.
        if (user.FindFirstValue(TokenHash) != admission.Member.TokenHash || (user.FindFirstValue(Stamp) ?? Admission.FirstStamp) != admission.Stamp) return (Standing.Ended, null);
        return (viewer.Name == admission.Member.Name && user.IsInRole(admission.Member.Role.ToString()) ? Standing.Good : Standing.Changed, admission);
    }

    /// <summary>Names what a browser keeps for this member: nobody else has the same name, not even in another lab at the same address.</summary>
    /// <returns>Null for somebody who is not signed in.</returns>
    public static string? DraftKey(this ClaimsPrincipal user) =>
        user.FindFirstValue(TokenHash) is { } hash ? ClassKeys.HashOf("drafts of " + hash)[..24] : null;
}
