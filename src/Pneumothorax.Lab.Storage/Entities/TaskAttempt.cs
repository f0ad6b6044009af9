namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>One try of a member at a student task.</summary>
public sealed class TaskAttempt
{
    /// <summary>Longer answers are cut: no task asks for as much.</summary>
    public const int AnswerLength = 500;

    public int Id { get; init; }

    public int MemberId { get; init; }

    /// <summary>The task's name, such as "count-images".</summary>
    public required string Task { get; init; }

    /// <summary>As typed.</summary>
    public required string Answer { get; init; }

    /// <summary>What the question was put about, such as "phantoms, training image 45" or "run 3, test image 12".</summary>
    public required string About { get; init; }

    public bool IsCorrect { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>Where a member stands with one task.</summary>
/// <param name="Tries">Answers up to the first right one, or so far.</param>
/// <param name="LastAt">When they tried last.</param>
/// <param name="LastAnswer">What they answered last; once it is solved, the right answer.</param>
/// <param name="SolvedAt">Null while it is not solved.</param>
/// <param name="LastAbout">What the last answer was about.</param>
public sealed record TaskStanding(string Task, int Tries, string LastAnswer, string LastAbout, DateTimeOffset FirstAt, DateTimeOffset LastAt, DateTimeOffset? SolvedAt)
{
    public bool IsSolved => SolvedAt is not null;

    public int Misses => IsSolved ? Tries - 1 : Tries;

    /// <param name="attempts">Of one member at one task, oldest first; at least one.</param>
    internal static TaskStanding Of(IReadOnlyList<TaskAttempt> attempts)
    {
        var first = attempts.TakeWhile(attempt => !attempt.IsCorrect).Count();
        var counted = first < attempts.Count ? attempts.Take(first + 1).ToList() : attempts;
        return new(counted[0].Task, counted.Count, counted[^1].Answer, counted[^1].About, counted[0].At, counted[^1].At, first < attempts.Count ? counted[^1].At : null);
    }
}
