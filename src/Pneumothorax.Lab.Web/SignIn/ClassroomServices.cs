using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Shared.Identity;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>Sign-in: a cookie for pages, a bearer token for programs. Everything is closed unless it says otherwise.</summary>
internal static class ClassroomServices
{
    public const string JoinLimit = "join";
    public const string JoinPath = "/join";

    private const string CookieOrToken = "CookieOrToken";

    /// <summary>Of one address at one form or link, right or wrong: a flood, which no class is. Wrong ones are counted by <see cref="SignInLimits"/>.</summary>
    private const int SignInsAMinute = 300;

    private static readonly object s_why = new();

    public static void AddClassroom(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => ClassKeys.Load(provider.GetRequiredService<LabPaths>(), builder.Configuration));
        services.AddSingleton<Members>();
        services.AddSingleton<ClassReader>();
        services.AddSingleton<ClassTicks>();
        services.AddSingleton<StudentArchive>();
        services.AddHostedService<InstructorSetup>();
        services.AddScoped<ViewerAccessor>();
        services.AddCascadingAuthenticationState();

        var ways = builder.AddAccounts();
        var authentication = services.AddAuthentication(CookieOrToken)
            .AddPolicyScheme(CookieOrToken, null, options => options.ForwardDefaultSelector = context =>
                TokenHandler.IsUsedBy(context.Request) ? TokenHandler.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null)
            .AddCookie(ConfigureCookie);
        if (ways.University is { } university) authentication.AddOidc(university);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.Configure<AntiforgeryOptions>(antiforgery => antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest);

        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(JoinLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                $"{(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText} {GuessAddress.Of(context)}",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = SignInsAMinute, Window = TimeSpan.FromMinutes(1) }));
            limiter.OnRejected = (context, _) =>
            {
                context.HttpContext.Response.Redirect(JoinText.Address(JoinText.TooMany));
                return ValueTask.CompletedTask;
            };
        });
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "Pneumothorax.Lab";
        cookie.Cookie.SameSite = SameSiteMode.Lax;      // a link from the course's page shall find one signed in
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.CookieManager = new HostCookies();
        cookie.ExpireTimeSpan = Members.SignInLife;
        cookie.SlidingExpiration = true;
        cookie.Events.OnValidatePrincipal = ValidateAsync;
        cookie.Events.OnRedirectToLogin = context =>
        {
            if (context.Request.IsApi())
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
            else
            {
                var request = context.Request;
                var wanted = HttpMethods.IsGet(request.Method) ? request.PathBase + request.Path + request.QueryString : "/";
                context.Response.Redirect(context.HttpContext.Items[s_why] is string why
                    ? JoinText.Address(why, returnUrl: why == JoinText.Erased ? null : wanted)
                    : $"{JoinPath}?returnUrl={Uri.EscapeDataString(wanted)}");
            }
            return Task.CompletedTask;
        };
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            // A page that is not for this reader does not exist for them.
            context.Response.StatusCode = context.Request.IsApi() ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var members = context.HttpContext.RequestServices.GetRequiredService<Members>();
        // A cookie from before sign-ins were numbered gets a number that all its copies have.
        var known = context.Principal!.Ticket();
        var ticket = known ?? ClassKeys.HashOf(FormattableString.Invariant($"{context.Principal!.DraftKey()} {context.Properties.IssuedUtc?.UtcTicks}"));
        var (standing, admission) = await context.Principal!.StandingAsync(ticket, members, context.HttpContext.RequestAborted);
        if (standing == Standing.Good && known is not null) return;
        if (standing is Standing.Good or Standing.Changed)
        {
            context.ReplacePrincipal(context.Principal!.Renewed(admission!, ticket));
            context.ShouldRenew = true;
            return;
        }
        // Said on the page that the reader lands on; an instructor whose host has another token by now knows.
        if (context.Principal?.ToViewer() is { IsInstructor: false })
        {
            context.HttpContext.Items[s_why] = standing == Standing.Erased ? JoinText.Erased : JoinText.Ended;
        }
        context.RejectPrincipal();
    }
}
