namespace Pneumothorax.Lab.Runs;

/// <summary>A rule of the lab says no. The message is a sentence for the person who asked.</summary>
public sealed class RequestRefusedException(string message) : Exception(message)
{
    /// <summary>The request is sound, but not now: the queue is full, the run is still going.</summary>
    public bool MayPassLater { get; init; }

    /// <summary>The one who asks may read this, and may not do what they asked for.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>Too many at once: after this time it is worth trying again. Null for every other reason.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>There is no such run, or not for this viewer; both answer alike.</summary>
public sealed class RunNotFoundException(int id) : Exception($"There is no run {id}.");
