using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>The stored class activation maps of an evaluation, and their difference, by what they explain.</summary>
public static class EvaluatedMaps
{
    /// <returns>h x w, row by row, in logit units.</returns>
    public static float[] MapOf(this EvaluationFile file, int index, MapTarget target) => target.MapOf(file.CamOf(index, 0), file.CamOf(index, 1));

    /// <returns>What the mean of the map lacks to <see cref="LogitOf"/>.</returns>
    public static double BiasOf(this EvaluationFile file, MapTarget target) => target.Of(file.ClassifierBias[0], file.ClassifierBias[1]);

    /// <returns>The class's logit, or the log-odds.</returns>
    public static double LogitOf(this EvaluationFile file, int index, MapTarget target) =>
        target.Of(file.Logits[index * EvaluationFile.Classes], file.Logits[(index * EvaluationFile.Classes) + 1]);
}
