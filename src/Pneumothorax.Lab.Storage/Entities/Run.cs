using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Storage.Entities;

/// <summary>One training as the portal knows it: a row of the database. Its numbers lie in the run folder.</summary>
public sealed class Run
{
    public const int NameLength = 80;

    public const int IdempotencyKeyLength = 100;

    internal const int JobLength = 64;

    public int Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Who launched it; null for the reference run.</summary>
    public int? OwnerId { get; init; }

    public Member? Owner { get; init; }

    /// <summary>Shipped with the lab: everyone sees it, nobody cancels or deletes it.</summary>
    public bool IsReference { get; init; }

    public required string Dataset { get; init; }

    public required string Network { get; init; }

    public Hyperparameters Hyperparameters { get; init; } = new();

    /// <summary>The three above; no column of its own.</summary>
    public RunSettings Settings => new(Dataset, Network, Hyperparameters);

    public RunState State { get; internal set; }

    /// <summary>Steps done so far.</summary>
    public int Step { get; internal set; }

    /// <summary>How often it was started. Only the current attempt may write.</summary>
    public int Attempt { get; internal set; }

    /// <summary>The queue's job that the current attempt serves. When the queue hands out this job again, its host is lost.</summary>
    public string? Job { get; internal set; }

    /// <summary>Where its newest attempt has a slot, or had one; null before the first.</summary>
    public string? Host { get; internal set; }

    /// <summary>Number of that slot on its host, from 0 on.</summary>
    public int? Slot { get; internal set; }

    /// <summary>When the newest attempt took its slot, by the database's clock.</summary>
    public DateTimeOffset? AttemptAt { get; internal set; }

    /// <summary>When its host last said that it has the newest attempt at work, by the database's clock. Null for attempts of older versions.</summary>
    public DateTimeOffset? SeenAt { get; internal set; }

    /// <summary>Processor time that the process of the newest attempt has used; null where the system does not tell.</summary>
    public double? ProcessorSeconds { get; internal set; }

    /// <summary>Attempts that failed because of a host since its owner put it into the queue. After one it is tried again by itself.</summary>
    public int InfrastructureFailures { get; internal set; }

    /// <summary>The place in the queue that the instructor gave it; null for the fair order.</summary>
    public int? Rank { get; internal set; }

    /// <summary>Minutes that one start of this run may take, by the instructor's word; null for the usual limit, 0 for none.</summary>
    public int? MinutesAllowed { get; internal set; }

    /// <summary>Its next attempt, or the one that goes on, trains no more: it evaluates what the checkpoints hold.</summary>
    public bool EvaluatesOnly { get; internal set; }

    /// <summary>The step from which the current attempt went on; null until its process has said so. Points after it which an
    /// earlier attempt wrote no longer count.</summary>
    public int? FromStep { get; internal set; }

    /// <summary>Step of the checkpoint with the highest validation AUROC so far.</summary>
    public int? BestStep { get; internal set; }

    public double? ImagesPerSecond { get; internal set; }

    public double? SecondsLeft { get; internal set; }

    /// <summary>"Training" or "Evaluating" while its process says so.</summary>
    public string? Stage { get; internal set; }

    /// <summary>Why it ended as it did, in one line for a student.</summary>
    public string? Message { get; internal set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it joined the line last; a resumed run joins at the end.</summary>
    public DateTimeOffset QueuedAt { get; internal set; }

    public DateTimeOffset? StartedAt { get; internal set; }

    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>Since when the members of its owner's section may read it; null for a run that is not shared.</summary>
    public DateTimeOffset? SharedAt { get; internal set; }

    /// <summary>The run whose settings the launch form was filled with.</summary>
    public int? CopiedFromId { get; init; }

    /// <summary>How its owner named the request that launched it, so that the same request launches no second run; null where the request had no name.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Ended, and its process is gone.</summary>
    public bool IsOver => State.IsOver();

    internal Run Copy() => (Run)MemberwiseClone();
}
