namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>The time that one attempt had a slot. It stays when its run is deleted, since it decides who goes next.</summary>
public sealed class SlotUse
{
    public int RunId { get; init; }

    public int Attempt { get; init; }

    /// <summary>Null for a run that nobody owns.</summary>
    public int? OwnerId { get; init; }

    public required string Host { get; init; }

    /// <summary>By the database's clock.</summary>
    public DateTimeOffset BeganAt { get; init; }

    /// <summary>Null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>False for an attempt that its host spoilt.</summary>
    public bool IsCharged { get; internal set; } = true;
}
