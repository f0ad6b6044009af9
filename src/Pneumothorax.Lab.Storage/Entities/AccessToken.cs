namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>A personal token for programs: whoever sends it acts as its member.</summary>
public sealed class AccessToken
{
    public const int NameLength = 60;

    public const int MostPerMember = 20;

    public int Id { get; init; }

    public int MemberId { get; init; }

    /// <summary>What it is for, in its owner's words.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 in hexadecimal; the token itself is not stored.</summary>
    public required string Hash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}
