namespace Pneumothorax.Lab.Evaluation;

/// <summary>Where the numbers of an evaluation come from: attributes on the root of <c>evaluation.h5</c>.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="CheckpointStep">Step of the checkpoint that was evaluated.</param>
/// <param name="DataHash">Hash of the data set at that time.</param>
/// <param name="Split">Split behind <c>label</c>, <c>logit</c>, <c>probability</c> and <c>cam</c>: "test".</param>
/// <param name="Creator">Program and version.</param>
public sealed record EvaluationInfo(
    string Run, int CheckpointStep, string Dataset, string DataHash, string Network, string Split, string Creator);
