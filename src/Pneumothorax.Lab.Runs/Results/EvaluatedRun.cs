using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Results;

/// <summary>A run with its evaluation: what its page hands to a page.</summary>
public sealed record EvaluatedRun(Run Run, RunEvaluation Evaluation)
{
    /// <summary>"run 18", or "the reference run".</summary>
    public string Name => NameOf(Run);

    public static string NameOf(Run run) => run.IsReference ? "the reference run" : $"run {run.Id}";
}
