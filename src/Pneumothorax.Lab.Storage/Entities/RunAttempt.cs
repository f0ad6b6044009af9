namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>One attempt at a run: the time that it had a slot, and what came of it. It stays when its run is deleted, since it decides who goes next.</summary>
public sealed class RunAttempt
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

    /// <summary>False for an attempt that failed because of its host.</summary>
    public bool IsCharged { get; internal set; } = true;

    /// <summary>The step that it went on from; null where its process did not come so far as to say so, and while it goes on.</summary>
    public int? FromStep { get; internal set; }

    /// <summary>The last step that it did; null while it goes on.</summary>
    public int? Step { get; internal set; }

    /// <summary>How it ended, in one line; null while it goes on, and for attempts of older versions.</summary>
    public string? End { get; internal set; }
}
