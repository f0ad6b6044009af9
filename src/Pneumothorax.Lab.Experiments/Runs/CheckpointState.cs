namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>What a checkpoint says of itself: <c>state.json</c> beside its tensors.</summary>
public sealed record CheckpointState
{
    /// <summary>Updates made; the place in the shuffled order follows from it.</summary>
    public required int Step { get; init; }

    /// <summary>Name of the network whose weights these are.</summary>
    public required string Network { get; init; }

    /// <summary>Best checkpoint so far, this one included; null until one has a validation AUROC.</summary>
    public BestCheckpoint? Best { get; init; }

    /// <summary>SHA-256 of <c>weights.safetensors</c>.</summary>
    public required string WeightsHash { get; init; }

    /// <summary>SHA-256 of <c>optimizer.safetensors</c>, the optimizer's buffers under the names of their weights; null for imported weights, which have none.</summary>
    public string? OptimizerHash { get; init; }
}

/// <summary>The highest validation AUROC among checkpoint steps; the later step where two are equal.</summary>
public sealed record BestCheckpoint(int Step, double Auroc)
{
    /// <param name="auroc">Validation AUROC of the step; null where it was not measured or does not exist.</param>
    public static BestCheckpoint? Of(BestCheckpoint? before, int step, double? auroc) =>
        auroc is { } value && !(before?.Auroc > value) ? new(step, value) : before;
}
