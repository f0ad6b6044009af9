using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs;

/// <summary>What a launch form or <c>POST /api/runs</c> asks for.</summary>
/// <param name="Name">Empty for "Run N".</param>
/// <param name="CopiedFromId">The run whose settings were the starting point.</param>
public sealed record RunRequest(string Name, RunSettings Settings, int? CopiedFromId = null)
{
    public RunRequest(string name, string dataset, string network, Hyperparameters hyperparameters, int? copiedFromId = null)
        : this(name, new(dataset, network, hyperparameters), copiedFromId)
    {
    }

    /// <summary>Names this very request: sent again with the same one, it launches nothing and answers with the run that it has launched. Null where nobody repeats it.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <returns>Images that one epoch of a data set shows; null where none of this name is registered.</returns>
public delegate int? TrainingImages(string dataset);
