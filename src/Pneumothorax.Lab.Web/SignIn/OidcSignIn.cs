using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>
/// OpenID Connect with the university: code flow with PKCE; state, nonce, signature, issuer, audience and times are checked by ASP.NET Core's
/// handler. What comes out is the same cookie as by any other way.
/// </summary>
internal static partial class OidcSignIn
{
    public const string Scheme = OpenIdConnectDefaults.AuthenticationScheme;

    private const string MayJoin = "may-join";
    private const string Section = "section";
    private const string Connect = "connect";

    // As long as their columns; OpenID Connect allows a subject no more.
    private const int MostIssuerLetters = 300, MostSubjectLetters = 255;

    public static void AddOidc(this AuthenticationBuilder authentication, OidcProvider university) =>
        authentication.AddOpenIdConnect(options => Configure(options, university));

    /// <summary>Sends the browser to the provider.</summary>
    /// <param name="mayJoin">Whether somebody whom the lab does not know becomes a member.</param>
    /// <param name="sectionId">Which section they join; null for the first one.</param>
    /// <param name="connect">The member to whom this sign-in shall belong from now on; null for signing in.</param>
    public static async Task<IResult> BeginAsync(HttpContext context, string next, bool mayJoin, int? sectionId = null, int? connect = null)
    {
        var properties = new AuthenticationProperties { RedirectUri = next, IsPersistent = true };
        if (mayJoin) properties.Items[MayJoin] = "yes";
        if (sectionId is { } section) properties.Items[Section] = section.ToString(CultureInfo.InvariantCulture);
        if (connect is { } member) properties.Items[Connect] = member.ToString(CultureInfo.InvariantCulture);
        try
        {
            await context.ChallengeAsync(Scheme, properties);
            return Onward(context);
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException)
        {
            // Its description of itself could not be had.
            LogFailed(LogOf(context), exception);
            return Results.LocalRedirect(Refusal(connect, JoinText.UniversityAway));
        }
    }

    /// <summary>Signs out at the university too.</summary>
    public static async Task<IResult> EndAsync(HttpContext context)
    {
        try
        {
            await context.SignOutAsync(Scheme, new AuthenticationProperties { RedirectUri = ClassroomServices.JoinPath });
            return Onward(context);
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException)
        {
            LogFailed(LogOf(context), exception);
            return Results.LocalRedirect(JoinText.Address(JoinText.UniversityAway));
        }
    }

    /// <summary>
    /// Turns the redirect that answers a form into a page which goes on by itself: "form-action 'self'" forbids browsers to follow a redirect
    /// from a form to another site, at every hop of it, and a university may have many.
    /// </summary>
    private static IResult Onward(HttpContext context)
    {
        var address = HtmlEncoder.Default.Encode(context.Response.Headers.Location.ToString());
        context.Response.Headers.Remove("Location");
        context.Response.Headers.CacheControl = "no-store";
        return Results.Content($"""
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><meta http-equiv="refresh" content="0;url={address}" /><title>To your university</title></head>
            <body><p><a href="{address}">Go on to your university</a></p></body></html>
            """, "text/html; charset=utf-8", statusCode: StatusCodes.Status200OK);
    }

    private static void Configure(OpenIdConnectOptions options, OidcProvider university)
    {
        options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.Authority = university.Authority.ToString();
        options.RequireHttpsMetadata = university.Authority.Scheme == Uri.UriSchemeHttps;
        options.ClientId = university.ClientId;
        options.ClientSecret = university.ClientSecret;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes as a link, so the cookies of the way out can be Lax; a posted answer would need SameSite=None, and TLS.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;       // many providers tell the name only there
        options.DisableTelemetry = true;
        foreach (var scope in university.Scopes) options.Scope.Add(scope);
        if (university.RoleClaim is { } claim) options.ClaimActions.MapJsonKey(claim, claim);
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        }
        options.BackchannelTimeout = TimeSpan.FromSeconds(15);
        // Where the university sends the browser back to is the host's word, too, and not the request's.
        options.Events.OnRedirectToIdentityProvider = context =>
        {
            if (AddressOf(context.HttpContext) is { } origin) context.ProtocolMessage.RedirectUri = origin + context.Options.CallbackPath;
            return Task.CompletedTask;
        };
        options.Events.OnTicketReceived = context => ReceiveAsync(context, university);
        options.Events.OnRemoteFailure = Fail;
        options.Events.OnRedirectToIdentityProviderForSignOut = context =>
        {
            context.ProtocolMessage.ClientId = university.ClientId;     // instead of the ID token, which is not kept
            if (AddressOf(context.HttpContext) is { } origin) context.ProtocolMessage.PostLogoutRedirectUri = origin + context.Options.SignedOutCallbackPath;
            return Task.CompletedTask;
        };
    }

    /// <summary>Everything has been checked: finds whom this is in the lab.</summary>
    private static async Task ReceiveAsync(TicketReceivedContext context, OidcProvider university)
    {
        var services = context.HttpContext.RequestServices;
        var members = services.GetRequiredService<OidcMembers>();
        var aborted = context.HttpContext.RequestAborted;
        var user = context.Principal!;
        var subject = user.FindFirst("sub")!;
        var items = context.Properties!.Items;
        if (!InputText.IsLine(subject.Issuer, MostIssuerLetters) || !InputText.IsLine(subject.Value, MostSubjectLetters))
        {
            Refuse(context, Refusal(Number(items, Connect), JoinText.UniversityFault));
            return;
        }

        int? id;
        if (Number(items, Connect) is { } connect)
        {
            id = await members.ConnectAsync(connect, subject.Issuer, subject.Value, aborted) ? connect : null;
            if (id is null) Refuse(context, Refusal(connect, JoinText.UniversityTaken));
        }
        else
        {
            id = await members.AdmitAsync(subject.Issuer, subject.Value, OidcProvider.NameOf(user), university.RoleOf(user), items.ContainsKey(MayJoin), Number(items, Section), aborted);
            if (id is null) Refuse(context, JoinText.Address(JoinText.UniversityCode));
        }
        if (id is null) return;

        if (await services.GetRequiredService<Members>().AdmitAsync(id.Value, aborted) is not { } admission)
        {
            // Erased in this very moment: the university's own claims must not become a cookie.
            Refuse(context, JoinText.Address(JoinText.Erased));
            return;
        }
        context.Principal = SignedIn.Principal(admission, CookieAuthenticationDefaults.AuthenticationScheme, byUniversity: true);
        services.GetRequiredService<KnownDevices>().Remember(context.HttpContext, id.Value);
        items.Clear();
        context.Properties.IsPersistent = true;
    }

    private static Task Fail(RemoteFailureContext context)
    {
        var failure = context.Failure;
        LogFailed(LogOf(context.HttpContext), failure);
        var connect = context.Properties is { Items: var items } ? Number(items, Connect) : null;
        context.Response.Redirect(Refusal(connect, failure switch
        {
            { Data: { } data } when (data["error"] as string) == "access_denied" => JoinText.UniversityRefused,
            HttpRequestException or { InnerException: HttpRequestException or IOException } or TaskCanceledException => JoinText.UniversityAway,
            _ => JoinText.UniversityFault,
        }));
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static int? Number(IDictionary<string, string?> items, string key) =>
        items.TryGetValue(key, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Refuse(TicketReceivedContext context, string address)
    {
        context.Response.Redirect(address);
        context.HandleResponse();
    }

    private static string Refusal(int? connect, string error) => connect is null ? JoinText.Address(error) : $"{AccountEndpoints.AccountPath}?error={error}";

    private static string? AddressOf(HttpContext context) => context.RequestServices.GetRequiredService<PublicAddress>().Origin;

    private static ILogger LogOf(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OidcSignIn));

    /// <summary>One line: some of these messages hold whole stack traces.</summary>
    private static void LogFailed(ILogger log, Exception? failure)
    {
        while (failure?.InnerException is { } inner) failure = inner;
        LogFailed(log, failure?.Message.Split('\n')[0].Trim() ?? "no reason given");
    }

    [LoggerMessage(LogLevel.Warning, "A sign-in with the university failed: {Reason}")]
    private static partial void LogFailed(ILogger log, string reason);
}
