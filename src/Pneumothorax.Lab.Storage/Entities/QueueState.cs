namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>What holds for the whole queue: one row, which every portal and worker reads.</summary>
public sealed class QueueState
{
    public const int ReasonLength = 200;

    internal const int TheOne = 1;

    public int Id { get; init; } = TheOne;

    /// <summary>Since when nothing starts any more; null while the queue goes.</summary>
    public DateTimeOffset? PausedAt { get; internal set; }

    /// <summary>What the instructor tells the students about the pause; may be empty.</summary>
    public string? PauseReason { get; internal set; }

    public int RunningEach { get; internal set; } = new QueueLimits().RunningEach;

    public int WaitingEach { get; internal set; } = new QueueLimits().WaitingEach;

    public int RunMinutes { get; internal set; } = new QueueLimits().RunMinutes;

    public int FairHours { get; internal set; } = new QueueLimits().FairHours;

    /// <summary>The data set that a portal draws at the moment, see the drawing notice; null when none is drawn.</summary>
    public string? Drawing { get; internal set; }

    /// <summary>Bytes of all run folders together; null until they were counted.</summary>
    public long? RunsBytes { get; internal set; }

    /// <summary>When they were counted.</summary>
    public DateTimeOffset? RunsCountedAt { get; internal set; }

    public QueueLimits Limits => new() { RunningEach = RunningEach, WaitingEach = WaitingEach, RunMinutes = RunMinutes, FairHours = FairHours };
}
