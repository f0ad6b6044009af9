using System.Globalization;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Comparison;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Comparison;

/// <summary>One run of a comparison, with what was read of it.</summary>
/// <param name="Index">Its place, which gives it letter, colour, dash and mark.</param>
/// <param name="Evaluation">Null where it is not evaluated.</param>
/// <param name="Manifest">Its data set; null where that is no longer registered.</param>
/// <param name="StepsAnEpoch">Steps in one pass over the train split; null where the data set is not there.</param>
public sealed record ComparedRun(
    int Index, Run Run, RunCurves Curves, RunEvaluation? Evaluation, DatasetManifest? Manifest, double? StepsAnEpoch)
{
    private static readonly string[] s_marks = ["circle", "square", "triangle-up", "diamond", "x"];
    private static readonly string[] s_dashes = ["solid", "dash", "dot"];

    public string Letter => RunIds.Letter(Index);

    /// <summary>"1" to "5"; the sixth run has the first colour again, but another dash and another mark.</summary>
    public string Colour => (Index % s_marks.Length + 1).ToString(CultureInfo.InvariantCulture);

    public string Mark => s_marks[(Index + Index / s_marks.Length) % s_marks.Length];

    public string Dash => s_dashes[Index / s_marks.Length % s_dashes.Length];

    /// <summary>When it reached which step; null where nobody has looked.</summary>
    public TrainingTimes? Times { get; init; }

    /// <summary>What the evaluation's numbers are of: runs with equal ones saw the same test images.</summary>
    public (string Dataset, string Hash, int Count)? TestImages =>
        Evaluation is { File: var file } ? (file.Info.Dataset, file.Info.DataHash, file.Count) : null;

    /// <summary>From its first start to its end; null for a run that goes on, or was not trained here.</summary>
    public TimeSpan? Took => Run is { StartedAt: { } started, EndedAt: { } ended } && !Run.IsReference ? ended - started : null;

    /// <summary>Weights and biases that are learned; null for a network that is no longer known.</summary>
    public long? Parameters => NetworkSpec.All.FirstOrDefault(network => network.Name == Run.Network)?.With(Run.Hyperparameters).Parameters;

    /// <summary>Reads what the run's folder holds; quick, but not for the thread of a page.</summary>
    public static ComparedRun Read(int index, Run run, RunStore store, DatasetStore datasets, Evaluations evaluations)
    {
        var folder = store.FolderOf(run);
        var times = new TrainingTimes(folder);
        times.Refresh();
        return new(index, run, RunCurves.Read(folder), EvaluationOf(run, evaluations), datasets.Find(run.Dataset), EpochOf(run, datasets)) { Times = times };
    }

    /// <returns>Null where it is not evaluated, or its evaluation is damaged: its own page says what is wrong with it.</returns>
    public static RunEvaluation? EvaluationOf(Run run, Evaluations evaluations)
    {
        if (run.State != RunState.Completed) return null;
        try { return evaluations.Find(run); }
        catch (InvalidDataException) { return null; }
    }

    private static double? EpochOf(Run run, DatasetStore datasets)
    {
        try { return (double)datasets.Open(run.Dataset)[SplitName.Train].TrainingRows.Count / run.Hyperparameters.BatchSize; }
        catch (InvalidDataException) { return null; }
    }
}
