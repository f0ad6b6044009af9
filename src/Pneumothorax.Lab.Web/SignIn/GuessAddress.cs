using System.Net.Sockets;
using Pneumothorax.Lab.Classroom.SignIn;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>Where a request comes from, as wrong codes and passwords are counted.</summary>
internal static class GuessAddress
{
    /// <returns>The network address; an IPv6 network of one household or institution counts as one. Empty where there is none.</returns>
    public static string Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }

    /// <returns>Where a password is typed.</returns>
    public static PasswordSource PasswordSourceOf(HttpContext context, KnownDevices devices) => new(Of(context), member => devices.Of(context, member));
}
