namespace Pneumothorax.Lab.Runs.Coursework;

/// <summary>What a member has written under a question so far.</summary>
public sealed class WrittenAnswer
{
    /// <summary>About ten pages.</summary>
    public const int TextLength = 20_000;

    public int MemberId { get; init; }

    /// <summary>The question's name, such as "failures".</summary>
    public required string Question { get; init; }

    public required string Text { get; set; }

    /// <summary>Counts the saves, from 1. Whoever saves says which one he had read: two open pages cannot overwrite each other.</summary>
    public int Version { get; set; }

    /// <summary>The save that the instructor has read; 0 while he has read none.</summary>
    public int ReadVersion { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Where a member stands with one question.</summary>
/// <param name="Version">Of the stored text.</param>
public sealed record AnswerStanding(string Question, int Version, bool IsEmpty);

/// <summary>What the instructor wrote back to one student about one question.</summary>
public sealed class AnswerComment
{
    public const int TextLength = 4_000;

    public int Id { get; init; }

    /// <summary>The student whose answer it is about.</summary>
    public int MemberId { get; init; }

    public required string Question { get; init; }

    public required string Text { get; init; }

    public DateTimeOffset At { get; init; }
}
