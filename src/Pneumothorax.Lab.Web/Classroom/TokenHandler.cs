using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Accounts;

namespace Pneumothorax.Lab.Web.Classroom;

/// <summary><c>Authorization: Bearer TOKEN</c>, with the instructor's token, a personal one, or that of a return link.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Members members, AccessTokens tokens, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = SchemeName + " ";

    public static bool IsUsedBy(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsUsedBy(Request)) return AuthenticateResult.NoResult();

        var token = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        if (await tokens.FindAsync(token, Context.RequestAborted) is var (owner, expiresAt))
        {
            return expiresAt <= clock.GetUtcNow()
                ? AuthenticateResult.Fail(string.Create(CultureInfo.InvariantCulture, $"This token expired on {expiresAt:d MMMM yyyy}. Make another one on your account page."))
                : Success(owner);
        }
        return await members.FindByTokenAsync(token, Context.RequestAborted) is { } member
            ? Success(member)
            : AuthenticateResult.Fail("This token is nobody's: it was mistyped, or it has been revoked.");
    }

    /// <summary>Says in one line what is wrong with the token.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        if (failure is null) await base.HandleChallengeAsync(properties);
        else await TypedResults.Problem(failure.Message, statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    // The request itself is checked each time, so it needs no stamp.
    private static AuthenticateResult Success(Member member) => AuthenticateResult.Success(new(SignedIn.Principal(new(member, Admission.FirstStamp), SchemeName), SchemeName));
}
