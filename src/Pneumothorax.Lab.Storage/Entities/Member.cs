namespace Pneumothorax.Lab.Storage.Entities;

public enum MemberRole
{
    Student,

    /// <summary>Sees the class, comments and trains as the instructor does; erases nobody, and gives no roles.</summary>
    Assistant,
    Instructor,
}

/// <summary>Somebody of the class.</summary>
public sealed class Member
{
    public const int NameLength = 60;

    public int Id { get; init; }

    /// <summary>As it is shown. Whether two are one, <see cref="NameKey"/> decides.</summary>
    public required string Name
    {
        get;
        init
        {
            field = value;
            NameKey ??= Names.NameKey.Of(value);
        }
    }

    /// <summary><see cref="Names.NameKey"/> of the name, unique. Null only until the first start after an upgrade from before there were keys.</summary>
    public string? NameKey { get; set; }

    public MemberRole Role { get; set; }

    /// <summary>The instructor whom the host's own token lets in: their role stays.</summary>
    public bool IsHost { get; set; }

    /// <summary>SHA-256 of the personal token, in hexadecimal; the token itself is not stored.</summary>
    public required string TokenHash { get; set; }

    public DateTimeOffset JoinedAt { get; init; }

    /// <summary>The section they joined; null for the default one.</summary>
    public int? SectionId { get; set; }

    /// <summary>The run that the guided pages show them; null, or a run that is gone, for the reference run.</summary>
    public int? CurrentRunId { get; set; }

    /// <summary>Where they were in the guide last, such as "/guide/the-data#one-image-at-a-time".</summary>
    public string? Place { get; set; }

    /// <summary>When they were there.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    public DateTimeOffset? SignedInAt { get; set; }
}
