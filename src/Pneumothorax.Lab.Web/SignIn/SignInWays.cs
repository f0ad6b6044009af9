using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>Which ways lead into the lab, as the host has set them. Return links and the instructor's own link always do.</summary>
/// <param name="ByCode">With the class code and a name; new students make themselves known.</param>
/// <param name="ByPassword">With name and password.</param>
/// <param name="University">With the university's OpenID Connect; null where none is configured.</param>
public sealed record SignInWays(bool ByCode, bool ByPassword, OidcProvider? University)
{
    /// <exception cref="SettingException">A setting has a value that cannot be used, or no way is left on.</exception>
    public static SignInWays Read(IConfiguration configuration)
    {
        var ways = new SignInWays(configuration.OnOff("Lab:JoinByCode", true), configuration.OnOff("Lab:Passwords", true), OidcProvider.Read(configuration));
        return ways is { ByCode: false, ByPassword: false, University: null }
            ? throw new SettingException("Lab__JoinByCode and Lab__Passwords are both off and no Lab__OpenIdConnect__Authority is set, so nobody could sign in. Turn on at least one of them.")
            : ways;
    }
}
