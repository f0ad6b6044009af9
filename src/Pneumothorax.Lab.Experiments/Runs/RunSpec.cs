using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>Everything that decides a run's numbers. Stored as <c>run.json</c> in the run folder.</summary>
public sealed record RunSpec
{
    public required string Name { get; init; }

    /// <summary>Name of a registered data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Hash of that data set when the run started; null until then.</summary>
    public string? DatasetHash { get; init; }

    /// <summary>Name of a <see cref="Networks.NetworkSpec"/>.</summary>
    public required string Network { get; init; }

    public Hyperparameters Hyperparameters { get; init; } = new();

    [JsonIgnore]
    public RunSettings Settings => new(Dataset, Network, Hyperparameters);

    /// <returns>The network with the variations that the hyperparameters ask for.</returns>
    /// <exception cref="ArgumentException">No network has this name; the message lists those there are.</exception>
    public Networks.NetworkSpec ResolveNetwork() => Networks.NetworkSpec.Find(Network).With(Hyperparameters);

    /// <summary>File that the weights came from; null for a run that was trained here. An imported run has no optimizer state to go on from.</summary>
    public string? ImportedFrom { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public static RunSpec Of(string name, RunSettings settings) =>
        new() { Name = name, Dataset = settings.Dataset, Network = settings.Network, Hyperparameters = settings.Hyperparameters };

    /// <summary>Versions that produced the numbers, such as "torchsharp": "0.107.0".</summary>
    public IReadOnlyDictionary<string, string> Software { get; init; } = new Dictionary<string, string>();
}
