using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs;

/// <summary>What a launch form or <c>POST /api/runs</c> asks for.</summary>
/// <param name="Name">Empty for "Run N".</param>
/// <param name="CopiedFromId">The run whose settings were the starting point.</param>
public sealed record RunRequest(
    string Name, string Dataset, string Network, Hyperparameters Hyperparameters, int? CopiedFromId = null);

/// <returns>Images that one epoch of a data set shows; null where none of this name is registered.</returns>
public delegate int? TrainingImages(string dataset);
