namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>What a student may have of the hosts. A portal writes its settings into the row of <see cref="QueueState"/> when it starts;
/// portals and workers read them there, so that all of them go by the same ones.</summary>
public sealed record QueueLimits
{
    /// <summary>Runs under way at once, a student.</summary>
    public int RunningEach { get; init; } = 1;

    /// <summary>Runs in the queue at once, a student.</summary>
    public int WaitingEach { get; init; } = 3;

    /// <summary>Minutes that one start of a student's run may take; 0 for no limit.</summary>
    public int RunMinutes { get; init; } = 180;

    /// <summary>Slot time that was used in these last hours counts for who goes next.</summary>
    public int FairHours { get; init; } = 24;
}
