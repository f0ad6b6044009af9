using System.Globalization;
using System.Net;
using Pneumothorax.Lab.Experiments;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>
/// The addresses that the portal is told to listen on, checked before anything starts: the server itself answers a wrong one with a stack trace, and
/// listens on port 80 of every network where it cannot read the port.
/// </summary>
internal static class ListenAddresses
{
    private const string Unix = "unix:/";

    /// <exception cref="SettingException">One cannot be listened on; the message names it.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var address in Split(configuration["urls"])) Check(address, "ASPNETCORE_URLS or --urls");
        foreach (var key in (string[])["http_ports", "https_ports"])
        {
            foreach (var port in Split(configuration[key]).Where(port => !IsPort(port)))
                throw new SettingException($"{key} has the port \"{port}\", but a port must be a number from 0 to {IPEndPoint.MaxPort}.");
        }
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is { Length: > 0 } address) Check(address, $"Kestrel__Endpoints__{endpoint.Key}__Url");
        }
    }

    private static void Check(string address, string setting)
    {
        if (Reason(address) is { } reason) throw new SettingException($"The portal cannot listen on \"{address}\": {reason} Set {setting} to an address such as http://0.0.0.0:5080.");
    }

    private static string? Reason(string address)
    {
        var colon = address.IndexOf("://", StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : address[..colon];
        if (!scheme.Equals("http", StringComparison.OrdinalIgnoreCase) && !scheme.Equals("https", StringComparison.OrdinalIgnoreCase)) return "it does not begin with http:// or https://.";
        var rest = address[(colon + 3)..];
        if (rest.StartsWith(Unix, StringComparison.OrdinalIgnoreCase)) return null;
        var host = rest.Split('/')[0];
        // An IPv6 address has colons of its own, in brackets.
        var port = host.LastIndexOf(':') is var at && at > host.LastIndexOf(']') ? host[(at + 1)..] : null;
        var name = port is null ? host : host[..at];
        if (name.Length == 0 || (name.Contains(':', StringComparison.Ordinal) && !(name.StartsWith('[') && name.EndsWith(']')))) return "it contains no host.";
        return port is null || IsPort(port) ? null : $"\"{port}\" is not a port; a port is a number from 0 to {IPEndPoint.MaxPort}.";
    }

    private static bool IsPort(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort;

    private static string[] Split(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
