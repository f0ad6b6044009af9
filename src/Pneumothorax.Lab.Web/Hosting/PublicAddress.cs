using Microsoft.AspNetCore.Components;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>
/// Where browsers reach the lab, as its host has set it. Links that somebody copies or reads begin with it. Where it is not set, the reader's
/// browser completes them. What a request says in its Host header decides neither: anybody can send any.
/// </summary>
/// <param name="Root">Ends with a slash; null where it is not set.</param>
public sealed record PublicAddress(Uri? Root)
{
    /// <exception cref="SettingException">It is set to something that is no address of a site.</exception>
    public static PublicAddress Read(IConfiguration configuration)
    {
        if (configuration["Lab:PublicAddress"] is not { Length: > 0 } text) return new((Uri?)null);
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
                ? new(new Uri(address.GetLeftPart(UriPartial.Authority) + "/"))
                : throw new SettingException($"Lab__PublicAddress must be the address of the lab without a path, such as https://lab.example.edu, not \"{text}\".");
    }

    /// <summary>"https://lab.example.edu"; null where it is not set.</summary>
    public string? Origin => Root?.GetLeftPart(UriPartial.Authority);

    /// <param name="path">From the root of the site, such as "/return?token=...".</param>
    /// <returns>For a copy button. A path alone is completed by the browser, with the address that it has.</returns>
    public string Link(string path) => Origin is { } origin ? origin + path : path;

    /// <param name="navigation">Of a live page, whose browser has told its address.</param>
    /// <returns>For a link to be read.</returns>
    public string Shown(string path, NavigationManager navigation) => Origin is { } origin ? origin + path : navigation.ToAbsoluteUri(path).ToString();
}
