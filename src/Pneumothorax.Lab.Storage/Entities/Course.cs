namespace Pneumothorax.Lab.Storage.Entities;

public enum CourseState
{
    /// <summary>Its first day is still to come.</summary>
    Ahead,
    Open,

    /// <summary>Its last day is over, or it was closed.</summary>
    Over,
}

/// <summary>A course of one term: who is in it joined one of its sections.</summary>
public sealed class Course
{
    public const int NameLength = 80;

    public int Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Null: it has begun already.</summary>
    public DateOnly? FirstDay { get; set; }

    /// <summary>The whole of this day still counts. Null: no end is set.</summary>
    public DateOnly? LastDay { get; set; }

    /// <summary>Closed by hand, whatever the days say.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Names of the data sets that its students are offered; null for all that are.</summary>
    public IReadOnlyList<string>? Datasets { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>In the order in which they were made.</summary>
    public List<Section> Sections { get; init; } = [];

    public CourseState StateOn(DateOnly today) =>
        ClosedAt is not null || today > LastDay ? CourseState.Over
        : today < FirstDay ? CourseState.Ahead
        : CourseState.Open;
}

/// <summary>A group of a course, with a code of its own to join it.</summary>
public sealed class Section
{
    public const int NameLength = 60;

    public int Id { get; init; }

    public int CourseId { get; init; }

    public Course? Course { get; init; }

    public required string Name { get; set; }

    /// <summary>As it is shown; read by <c>JoinCode</c>.</summary>
    public required string Code { get; set; }

    /// <summary>The hash of the code (<c>JoinCode.HashOf</c>), unique.</summary>
    public required string CodeHash { get; set; }

    /// <summary>The first one of all. Members without a section belong to it, and the setting Lab__ClassCode is its code.</summary>
    public bool IsDefault { get; init; }

    public bool Holds(Member member) => member.SectionId == Id || (IsDefault && member.SectionId is null);
}
