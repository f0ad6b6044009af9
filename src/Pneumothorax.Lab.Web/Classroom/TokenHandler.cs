using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Pneumothorax.Lab.Web.Classroom;

/// <summary><c>Authorization: Bearer TOKEN</c>, with the instructor's token or a student's.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Members members)
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
        return await members.FindByTokenAsync(token, Context.RequestAborted) is { } member
            ? AuthenticateResult.Success(new(SignedIn.Principal(member, SchemeName), SchemeName))
            : AuthenticateResult.Fail("The token is nobody's.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return base.HandleChallengeAsync(properties);
    }
}
