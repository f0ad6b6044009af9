using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments.Text;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary><c>Authorization: Bearer TOKEN</c>, with the instructor's token, a personal one, or that of a return link.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Members members, AccessTokens tokens, SignInLimits limits, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = SchemeName + " ";

    private TimeSpan? _wait;

    public static bool IsUsedBy(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsUsedBy(Request)) return AuthenticateResult.NoResult();

        var token = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        if (await tokens.FindAsync(token, Context.RequestAborted) is var (owner, expiresAt))
        {
            return expiresAt <= clock.GetUtcNow()
                ? AuthenticateResult.Fail(string.Create(CultureInfo.InvariantCulture, $"This token expired on {expiresAt:d MMMM yyyy}. Create a new one on your account page."))
                : Success(owner);
        }
        // What the lab has made nobody guesses: it is looked at whatever else comes from this address. A token of the host's own choice waits.
        var source = GuessSource.Token(GuessAddress.Of(Context));
        Member? member;
        if (ClassKeys.IsMade(token) || token.StartsWith(AccessTokens.Prefix, StringComparison.Ordinal))
        {
            member = await members.FindByTokenAsync(token, Context.RequestAborted);
            if (member is null) _wait = await limits.WrongAsync(source, Context.RequestAborted);
        }
        else
        {
            (member, _wait) = await limits.TryAsync([source], () => members.FindByTokenAsync(token, Context.RequestAborted), Context.RequestAborted);
        }
        return member is not null ? Success(member)
            : _wait is { } wait ? AuthenticateResult.Fail(string.Create(CultureInfo.InvariantCulture, $"Too many wrong tokens came from this address. Wait {DisplayText.Count((long)Math.Ceiling(wait.TotalSeconds), "second")}, then try again."))
            : AuthenticateResult.Fail("This token is not valid: it was mistyped, or it has been revoked.");
    }

    /// <summary>Says in one line what is wrong with the token.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        if (failure is null) await base.HandleChallengeAsync(properties);
        else if (_wait is not { } wait) await TypedResults.Problem(failure.Message, statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
        else
        {
            Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await TypedResults.Problem(failure.Message, statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(Context);
        }
    }

    // The request itself is checked each time, so it needs no stamp.
    private static AuthenticateResult Success(Member member) => AuthenticateResult.Success(new(SignedIn.Principal(new(member, Admission.FirstStamp), SchemeName), SchemeName));
}
