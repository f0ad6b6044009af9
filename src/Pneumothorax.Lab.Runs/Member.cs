namespace Pneumothorax.Lab.Runs;

public enum MemberRole
{
    Student,
    Instructor,
}

/// <summary>Somebody of the class.</summary>
public sealed class Member
{
    public const int NameLength = 60;

    public int Id { get; init; }

    /// <summary>Unique, whatever the case of its letters.</summary>
    public required string Name { get; init; }

    public MemberRole Role { get; init; }

    /// <summary>SHA-256 of the personal token, in hexadecimal; the token itself is not stored.</summary>
    public required string TokenHash { get; set; }

    public DateTimeOffset JoinedAt { get; init; }
}
