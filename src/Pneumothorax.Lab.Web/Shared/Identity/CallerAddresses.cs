using System.Security.Claims;

namespace Pneumothorax.Lab.Web.Shared.Identity;

/// <summary>The network address of a request as a claim, so that it is still known in a circuit, which has no request.</summary>
internal static class CallerAddresses
{
    private const string Claim = "caller-address";

    public static void UseCallerAddress(this WebApplication app) => app.Use((context, next) =>
    {
        // A principal of its own: the one of the cookie is written into the next cookie as it is.
        if (context.User.Identity?.IsAuthenticated == true && context.Connection.RemoteIpAddress is { } address)
        {
            var seen = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            context.User = new ClaimsPrincipal([.. context.User.Identities, new ClaimsIdentity([new(Claim, seen.ToString())])]);
        }
        return next();
    });

    public static string? CallerAddress(this ClaimsPrincipal user) => user.FindFirstValue(Claim);
}
