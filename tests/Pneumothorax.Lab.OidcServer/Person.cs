namespace Pneumothorax.Lab.OidcServer;

/// <summary>Who studies or works here. Everybody's password is his user name, backwards.</summary>
internal sealed record Person(string User, string Name, params string[] Groups)
{
    private static readonly Person[] s_all =
    [
        new("ada", "Ada Lovelace", "students"),
        new("bo", "Bo Ek", "students"),
        new("twin", "Ada Lovelace", "students"),
        new("tess", "Tess Tutor", "staff", "lab-assistants"),
        new("ines", "Ines Instructor", "staff", "lab-instructors"),
        new(Mischief.Forged, "Forged Signature", "students"),
        new(Mischief.Late, "Late Token", "students"),
        new(Mischief.Elsewhere, "Meant for Others", "students"),
    ];

    public static Person? Find(string? user, string? password) =>
        s_all.FirstOrDefault(person => person.User == user && password == new string([.. person.User.Reverse()]));
}

/// <summary>The one client: a portal on this machine, at any port.</summary>
internal static class Client
{
    public const string Id = "lab";
    public const string Secret = "a-secret-of-the-tests";

    public static bool IsOurs(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback && uri.AbsolutePath is "/signin-oidc" or "/signout-callback-oidc";
}
