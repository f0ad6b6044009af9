namespace Pneumothorax.Lab.Web.Training;

/// <summary>What a training process says it is doing; see <see cref="Experiments.Runs.ProgressReported"/>.</summary>
public static class RunStages
{
    public const string Evaluating = "Evaluating";
}
