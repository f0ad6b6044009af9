using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Pneumothorax.Lab.OidcServer;

/// <summary>Users whose ID tokens are wrong in one way each; no portal may let them in.</summary>
internal static class Mischief
{
    public const string Forged = "forged";
    public const string Late = "late";
    public const string Elsewhere = "elsewhere";

    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .SetOrder(OpenIddictServerHandlers.GenerateIdentityToken.Descriptor.Order - 1)
            .UseInlineHandler(context =>
            {
                var token = context.IdentityTokenPrincipal;
                switch (token?.GetClaim(OpenIddictConstants.Claims.Subject))
                {
                    case Late:
                        token.SetCreationDate(DateTimeOffset.UtcNow.AddHours(-2)).SetExpirationDate(DateTimeOffset.UtcNow.AddHours(-1));
                        break;
                    case Elsewhere:
                        token.SetAudiences("another-client");
                        break;
                }
                return default;
            }));
        server.AddEventHandler<ApplyTokenResponseContext>(handler => handler
            .SetOrder(int.MinValue)
            .UseInlineHandler(context =>
            {
                if (context.Response?.IdToken is { } token && token.Split('.') is [var head, var body, var signature] && Subject(body) == Forged)
                {
                    // The right length, the right letters, and not by this university's key.
                    context.Response.IdToken = $"{head}.{body}.{new string([.. signature.Reverse()])}";
                }
                return default;
            }));
    }

    private static string? Subject(string body)
    {
        using var claims = System.Text.Json.JsonDocument.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(body));
        return claims.RootElement.GetProperty("sub").GetString();
    }
}
