namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>What a member has written under a question so far.</summary>
public sealed class WrittenAnswer
{
    /// <summary>About ten pages.</summary>
    public const int TextLength = 20_000;

    public int MemberId { get; init; }

    /// <summary>The question's name, such as "failures".</summary>
    public required string Question { get; init; }

    public required string Text { get; set; }

    /// <summary>Counts the saves, from 1. Whoever saves says which one they had read: two open pages cannot overwrite each other.</summary>
    public int Version { get; set; }

    /// <summary>The save that the instructor has read; 0 while they have read none.</summary>
    public int ReadVersion { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Where a member stands with one question.</summary>
/// <param name="Version">Of the stored text.</param>
/// <param name="Length">Of the stored text, in characters.</param>
/// <param name="Pins">Views pinned under the question.</param>
public sealed record AnswerStanding(string Question, int Version, int Length, int Pins)
{
    /// <summary>About one short sentence.</summary>
    public const int LeastLength = 40;

    public bool IsEmpty => Length == 0;

    /// <summary>The question counts as answered: there is a sentence, and at least one pinned view as evidence.</summary>
    public bool IsComplete => IsAnswer(Length, Pins);

    /// <inheritdoc cref="IsComplete"/>
    public static bool IsAnswer(int length, int pins) => length >= LeastLength && pins > 0;
}

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
