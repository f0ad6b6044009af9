using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.OperatingPoints;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.OwnImages;

/// <summary>A model that is asked about an image of one's own.</summary>
/// <param name="Evaluation">For its threshold and its scale of colours; null where it cannot be read.</param>
/// <param name="Answer">Null while it has not answered.</param>
/// <param name="Problem">Why it cannot answer, in a sentence.</param>
public sealed record AskedModel(Run Run, RunEvaluation? Evaluation, ImageAnswer? Answer, string? Problem)
{
    /// <summary>"run 18", or "the reference run".</summary>
    public string Name => EvaluatedRun.NameOf(Run);

    /// <summary>The balanced one, chosen on validation.</summary>
    public double Threshold => Evaluation is { } evaluation ? ThresholdPreset.OpeningOf(evaluation) : ThresholdPreset.Half;

    /// <summary>End of its scale of colours: the highest value over its whole test set, as on its own page.</summary>
    public double Highest(MapTarget target) => Evaluation?.CamMaximum(target) is > 0 and var highest ? highest : Answer?.MapOf(target).Max() is > 0 and var own ? own : 1;

    public bool SaysHas => Answer?.Probabilities[1] >= Threshold;
}
