using System.CommandLine;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Commands.Training;

/// <summary>One option a hyperparameter, with the lab's defaults and ranges in the help text.</summary>
internal sealed class HyperparameterOptions
{
    private static readonly Hyperparameters s_defaults = new();

    private readonly Option<int> _steps = Create("--steps", s_defaults.Steps, "Optimizer updates", Ranges.Steps);
    private readonly Option<int> _batchSize = Create("--batch-size", s_defaults.BatchSize, "Images in one step", Ranges.BatchSize);
    private readonly Option<double> _learningRate = Create("--learning-rate", s_defaults.LearningRate, "Learning rate", Ranges.LearningRate);
    private readonly Option<double> _momentum = Create("--momentum", s_defaults.Momentum, "Nesterov momentum", Ranges.Momentum);
    private readonly Option<int> _seed = Create("--seed", s_defaults.Seed, "Decides initial weights and the order of images", Ranges.Seed);
    private readonly Option<int> _validationEvery = Create("--validation-every", s_defaults.ValidationEvery, "Steps between validation figures", Ranges.ValidationEvery);
    private readonly Option<int> _checkpointEvery = Create("--checkpoint-every", s_defaults.CheckpointEvery, "Steps between checkpoints", Ranges.CheckpointEvery);

    public IEnumerable<Option> All => [_steps, _batchSize, _learningRate, _momentum, _seed, _validationEvery, _checkpointEvery];

    /// <exception cref="ArgumentException">Values out of range: all of them in one line.</exception>
    public Hyperparameters Read(ParseResult parsed)
    {
        var hyperparameters = new Hyperparameters
        {
            Steps = parsed.GetValue(_steps),
            BatchSize = parsed.GetValue(_batchSize),
            LearningRate = parsed.GetValue(_learningRate),
            Momentum = parsed.GetValue(_momentum),
            Seed = parsed.GetValue(_seed),
            ValidationEvery = parsed.GetValue(_validationEvery),
            CheckpointEvery = parsed.GetValue(_checkpointEvery),
        };
        Check(hyperparameters);
        return hyperparameters;
    }

    /// <exception cref="ArgumentException">Values out of range: all of them in one line.</exception>
    public static void Check(Hyperparameters hyperparameters)
    {
        if (hyperparameters.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(" ", problems));
    }

    private static Option<T> Create<T>(string name, T value, string meaning, HyperparameterRange range) => new(name)
    {
        Description = $"{meaning}, {range.Least:0.######} to {range.Most:0.###}",
        DefaultValueFactory = _ => value,
    };
}
