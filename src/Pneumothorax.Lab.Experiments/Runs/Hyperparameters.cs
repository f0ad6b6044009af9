namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>What a student sets before a run. Every property has its range in <see cref="Ranges"/>.</summary>
public sealed record Hyperparameters
{
    /// <summary>Images in one step.</summary>
    public int BatchSize { get; init; } = 15;

    public double LearningRate { get; init; } = 0.05;

    /// <summary>Optimizer updates, counted from 1 over the run.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Decides initial weights and the order of images: same seed, same machine, same losses.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Nesterov momentum; 0 is plain gradient descent.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Steps between two validation figures.</summary>
    public int ValidationEvery { get; init; } = 10;

    /// <summary>Steps between two checkpoints; the last step always has one.</summary>
    public int CheckpointEvery { get; init; } = 100;

    /// <returns>One sentence a value that is out of range, such as "Batch size goes from 1 to 128, not 0."; empty when all is well.</returns>
    public IReadOnlyList<string> Problems() =>
        [.. from range in Ranges.All
            let value = range.Value(this)
            where !(value >= range.Least && value <= range.Most)       // NaN is out of every range
            select FormattableString.Invariant($"{range.Title} goes from {range.Least} to {range.Most}, not {value}.")];
}

/// <summary>One hyperparameter as forms, help texts and comparisons show it.</summary>
/// <param name="Name">JSON name, such as <c>batchSize</c>.</param>
/// <param name="Title">Words, such as "Batch size".</param>
public sealed record HyperparameterRange(string Name, string Title, double Least, double Most, Func<Hyperparameters, double> Value);

public static class Ranges
{
    public static HyperparameterRange BatchSize { get; } = new("batchSize", "Batch size", 1, 128, h => h.BatchSize);
    public static HyperparameterRange LearningRate { get; } = new("learningRate", "Learning rate", 0.00001, 10, h => h.LearningRate);
    public static HyperparameterRange Steps { get; } = new("steps", "Steps", 1, 1_000_000, h => h.Steps);
    public static HyperparameterRange Seed { get; } = new("seed", "Seed", 0, int.MaxValue, h => h.Seed);
    public static HyperparameterRange Momentum { get; } = new("momentum", "Momentum", 0, 0.999, h => h.Momentum);
    public static HyperparameterRange ValidationEvery { get; } = new("validationEvery", "Steps between validation figures", 1, 1_000_000, h => h.ValidationEvery);
    public static HyperparameterRange CheckpointEvery { get; } = new("checkpointEvery", "Steps between checkpoints", 1, 1_000_000, h => h.CheckpointEvery);

    public static IReadOnlyList<HyperparameterRange> All { get; } =
        [BatchSize, LearningRate, Steps, Seed, Momentum, ValidationEvery, CheckpointEvery];
}
