namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>How much of a course goes at the end of a term.</summary>
public enum PurgeChoice
{
    /// <summary>Weights and optimizer states of runs that are over. Curves, evaluations and reports stay.</summary>
    Checkpoints,

    /// <summary>Runs that are over, with all their files. Tries, answers and pins stay.</summary>
    Runs,

    /// <summary>The students themselves, with everything that is theirs.</summary>
    Students,
}

/// <summary>One purge of a course: what was confirmed, and how far it is. A portal that ends in the middle goes on at its next start.</summary>
public sealed class Purge
{
    public const int HostLength = 120;

    public int Id { get; init; }

    public int CourseId { get; init; }

    public PurgeChoice Choice { get; init; }

    public int? ById { get; init; }

    /// <summary>From which address it was confirmed.</summary>
    public string? Address { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Runs, or students, with a higher number came after it was confirmed, and stay.</summary>
    public int UpTo { get; init; }

    /// <summary>Runs or students to go, as counted when it was confirmed.</summary>
    public int Total { get; init; }

    /// <summary>Of these, so many are through: gone, or left where they were.</summary>
    public int Done { get; internal set; }

    /// <summary>Of these, so many were left, for a run is under way.</summary>
    public int Left { get; internal set; }

    public long FreedBytes { get; internal set; }

    /// <summary>Number of the run or student that was through last; they go in order.</summary>
    public int Cursor { get; internal set; }

    public double? SecondsLeft { get; internal set; }

    /// <summary>The portal that is at it, and when it said so last: after a while another one takes over.</summary>
    public string? Host { get; internal set; }

    public DateTimeOffset SeenAt { get; internal set; }

    public DateTimeOffset? EndedAt { get; internal set; }

    public bool IsOver => EndedAt is not null;
}
