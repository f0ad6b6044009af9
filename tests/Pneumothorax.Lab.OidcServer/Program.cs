// A small university: an OpenID Connect provider by OpenIddict, with a sign-in page and real signed tokens. The tests start it, and so can
// whoever wants to try the portal's sign-in:
//   dotnet run --project tests/Pneumothorax.Lab.OidcServer -- --urls http://localhost:5090
//   Lab__OpenIdConnect__Authority=http://localhost:5090/ Lab__OpenIdConnect__ClientId=lab Lab__OpenIdConnect__ClientSecret=a-secret-of-the-tests
using System.Collections.Immutable;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Pneumothorax.Lab.OidcServer;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.Services.AddOpenIddict().AddServer(server =>
{
    server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo").SetEndSessionEndpointUris("sign-out");
    server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
    server.RegisterScopes(Scopes.Profile);
    server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
    server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough().EnableEndSessionEndpointPassthrough();

    // No database: there is one client, and it is known by heart.
    server.EnableDegradedMode();
    server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
    {
        if (context.ClientId != Client.Id || !Client.IsOurs(context.RedirectUri)) context.Reject(Errors.InvalidClient, "Nobody here knows this client.");
        return default;
    }));
    server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
    {
        if (context.ClientId != Client.Id || context.ClientSecret != Client.Secret) context.Reject(Errors.InvalidClient, "The client's secret is wrong.");
        return default;
    }));
    server.AddEventHandler<ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(context =>
    {
        if (!Client.IsOurs(context.PostLogoutRedirectUri)) context.Reject(Errors.InvalidRequest, "That is not this client's.");
        return default;
    }));
    // As at many universities, groups are told by the user info endpoint only.
    server.AddEventHandler<HandleUserInfoRequestContext>(handler => handler.UseInlineHandler(context =>
    {
        context.Claims["groups"] = new OpenIddictParameter(ImmutableArray.Create<string?>([.. context.AccessTokenPrincipal.GetClaims("groups")]));
        return default;
    }));
    Mischief.Add(server);
});

var app = builder.Build();
app.UseAuthentication();

app.MapMethods("/authorize", ["GET", "POST"], async (HttpContext context) =>
{
    var request = context.GetOpenIddictServerRequest()!;
    var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : null;
    if (form?.ContainsKey("deny") == true)
    {
        return Results.Forbid(
            new AuthenticationProperties(new Dictionary<string, string?> { [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.AccessDenied }),
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
    if (Person.Find(form?["user"], form?["password"]) is not { } person) return Results.Content(SignInPage(request), "text/html");

    var identity = new ClaimsIdentity("university", Claims.Name, Claims.Role);
    identity.SetClaim(Claims.Subject, person.User).SetClaim(Claims.Name, person.Name).SetClaims("groups", [.. person.Groups]);
    identity.SetDestinations(claim => claim.Type == "groups" ? [Destinations.AccessToken] : [Destinations.AccessToken, Destinations.IdentityToken]);
    var principal = new ClaimsPrincipal(identity);
    principal.SetScopes(request.GetScopes());
    return Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
});

app.MapMethods("/sign-out", ["GET", "POST"], () =>
    Results.SignOut(new AuthenticationProperties { RedirectUri = "/" }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]));

app.Run();

static string SignInPage(OpenIddictRequest request)
{
    var hidden = request.GetParameters().Select(parameter =>
        $"""<input type="hidden" name="{WebUtility.HtmlEncode(parameter.Key)}" value="{WebUtility.HtmlEncode((string?)parameter.Value)}" />""");
    return $"""
        <!DOCTYPE html><html lang="en"><head><title>University of the Tests</title></head><body>
        <h1>University of the Tests</h1>
        <form method="post" action="/authorize">{string.Concat(hidden)}
        <label>User <input name="user" /></label> <label>Password <input name="password" type="password" /></label>
        <button type="submit">Sign in</button> <button type="submit" name="deny" value="yes">Turn back</button></form></body></html>
        """;
}
