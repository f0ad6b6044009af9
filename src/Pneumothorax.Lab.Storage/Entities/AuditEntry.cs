namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>What can be in the audit trail. Rows keep the word: a kind may be added, but not renamed.</summary>
public enum AuditKind
{
    StudentErased,
    StudentMoved,
    StudentExported,
    ClassExported,
    AuditExported,
    RunCanceled,
    RunResumed,
    RunDeleted,
    CourseCreated,
    CourseChanged,
    CourseClosed,
    CourseReopened,
    CourseRemoved,
    SectionCreated,
    SectionChanged,
    SectionRemoved,
    CodeRenewed,
    PurgeStarted,
    PurgeEnded,
    AccountCreated,
    AccountChanged,
    RoleChanged,
    PasswordReset,
    TokenCreated,
    TokenRevoked,
    ImportStarted,
    ImportCanceled,
    DataRegistered,
    DataChanged,
    DataRetired,
    QueueChanged,
    HostChanged,
    RunShared,
    RunUnshared,
}

/// <summary>
/// One thing that somebody with rights over others did. Rows are added and never changed, so they hold numbers and no names: who is
/// erased later leaves their row behind, but not their name.
/// </summary>
public sealed class AuditEntry
{
    public const int SubjectLength = 80;
    public const int DetailLength = 400;

    /// <summary>An IPv6 address with its zone.</summary>
    public const int AddressLength = 64;

    public int Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The member who did it.</summary>
    public int? ActorId { get; init; }

    public AuditKind Kind { get; init; }

    /// <summary>To what, such as "run 18" or "section 3"; null where the kind says it all.</summary>
    public string? Subject { get; init; }

    /// <summary>The member to whom it was done, or whose thing it was.</summary>
    public int? MemberId { get; init; }

    /// <summary>What else is worth knowing, without anybody's name; empty for nothing.</summary>
    public string Detail { get; init; } = "";

    /// <summary>From which network address.</summary>
    public string? Address { get; init; }
}
