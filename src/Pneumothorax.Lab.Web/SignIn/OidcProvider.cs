using System.Security.Claims;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.SignIn;

/// <summary>The university's OpenID Connect provider, as <c>Lab__OpenIdConnect__...</c> sets it.</summary>
public sealed record OidcProvider
{
    private const string Section = "Lab:OpenIdConnect";

    /// <summary>Where the provider describes itself under <c>/.well-known/openid-configuration</c>.</summary>
    public required Uri Authority { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null for a client that the provider takes for a public one; PKCE is used with both.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>What the button says: "Sign in with NAME".</summary>
    public required string Name { get; init; }

    /// <summary>Whoever comes for the first time also types the class code.</summary>
    public bool NeedsClassCode { get; init; }

    /// <summary>Asked for besides "openid" and "profile".</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The claim that tells roles, such as "groups"; null where the lab alone gives them.</summary>
    public string? RoleClaim { get; init; }

    public IReadOnlyList<string> InstructorValues { get; init; } = [];

    public IReadOnlyList<string> AssistantValues { get; init; } = [];

    /// <returns>Null where no provider is set.</returns>
    /// <exception cref="SettingException">A part is missing, or has a value that cannot be used.</exception>
    internal static OidcProvider? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (!section.GetChildren().Any(part => !string.IsNullOrEmpty(part.Value))) return null;

        var authority = Address(Needed(section, "Authority"));
        var university = new OidcProvider
        {
            Authority = authority,
            ClientId = Needed(section, "ClientId"),
            ClientSecret = section["ClientSecret"] is { Length: > 0 } secret ? secret : null,
            Name = section["Name"] is { Length: > 0 } name ? name : authority.Host,
            NeedsClassCode = configuration.OnOff($"{Section}:NeedsClassCode", false),
            Scopes = List(section["Scopes"], ' '),
            RoleClaim = section["RoleClaim"] is { Length: > 0 } claim ? claim : null,
            InstructorValues = List(section["InstructorValues"], ','),
            AssistantValues = List(section["AssistantValues"], ','),
        };
        if (university.RoleClaim is null != (university.InstructorValues.Count + university.AssistantValues.Count == 0))
        {
            throw new SettingException("Lab__OpenIdConnect__RoleClaim must be set together with Lab__OpenIdConnect__InstructorValues or __AssistantValues: the claim, and which of its values give a role.");
        }
        return university;
    }

    /// <returns>What the provider's claims make of somebody: at least a student.</returns>
    internal MemberRole RoleOf(ClaimsPrincipal user)
    {
        if (RoleClaim is null) return MemberRole.Student;
        var values = user.FindAll(RoleClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        return InstructorValues.Any(values.Contains) ? MemberRole.Instructor
            : AssistantValues.Any(values.Contains) ? MemberRole.Assistant
            : MemberRole.Student;
    }

    /// <returns>The name to show, fit for a member.</returns>
    internal static string NameOf(ClaimsPrincipal user)
    {
        string?[] candidates =
        [
            user.FindFirstValue("name"), $"{user.FindFirstValue("given_name")} {user.FindFirstValue("family_name")}", user.FindFirstValue("preferred_username"),
        ];
        return candidates.Select(name => Members.CheckedName(name is null ? null : InputText.Cut(name, Member.NameLength))).FirstOrDefault(name => name is not null) ?? "Student";
    }

    private static string Needed(IConfigurationSection section, string key) => section[key] is { Length: > 0 } value
        ? value
        : throw new SettingException($"Lab__OpenIdConnect__{key} is missing. Signing in with a university needs Authority and ClientId.");

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        ? address
        : throw new SettingException($"Lab__OpenIdConnect__Authority must be an address that begins with https://, not \"{text}\".");

    private static string[] List(string? text, char separator) =>
        (text ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
