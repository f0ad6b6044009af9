namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>What a training process says it is doing; see <see cref="Experiments.Runs.ProgressReported"/>.</summary>
public static class RunStages
{
    public const string Evaluating = "Evaluating";
}
