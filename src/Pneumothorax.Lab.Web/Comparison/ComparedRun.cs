using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Training;

namespace Pneumothorax.Lab.Web.Comparison;

/// <summary>One run of a comparison, with what was read of it.</summary>
/// <param name="Index">Its place, which gives it letter, colour and mark.</param>
/// <param name="Evaluation">Null where it is not evaluated.</param>
/// <param name="Manifest">Its data set; null where that is no longer registered.</param>
/// <param name="StepsAnEpoch">Steps in one pass over the train split; null where the data set is not there.</param>
public sealed record ComparedRun(
    int Index, Run Run, RunCurves Curves, RunEvaluation? Evaluation, DatasetManifest? Manifest, double? StepsAnEpoch)
{
    private static readonly string[] s_marks = ["circle", "square", "triangle-up", "diamond", "x"];
    private static readonly string[] s_dashes = ["solid", "dash"];

    public string Letter => RunIds.Letter(Index);

    /// <summary>"1" to "5"; the sixth run has the first colour again, but dashed.</summary>
    public string Colour => (Index % s_marks.Length + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public string Mark => s_marks[Index % s_marks.Length];

    public string Dash => s_dashes[Index / s_marks.Length % s_dashes.Length];

    /// <summary>What the evaluation's numbers are of: runs with equal ones saw the same test images.</summary>
    public (string Dataset, string Hash, int Count)? TestImages =>
        Evaluation is { File: var file } ? (file.Info.Dataset, file.Info.DataHash, file.Count) : null;

    public TimeSpan? Took => Run is { StartedAt: { } started, EndedAt: { } ended } && !Run.IsReference ? ended - started : null;
}
