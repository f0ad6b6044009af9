using System.Runtime.CompilerServices;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation;

/// <summary>Intervals by patient of the evaluations that are open, each computed once, beside the pages that ask for it.</summary>
public sealed class PatientDoubts(DatasetStore datasets)
{
    private readonly ConditionalWeakTable<RunEvaluation, PatientDoubt> _known = [];

    /// <summary>Starts the computation where nobody has asked before. Of images that are not there yet nothing is known for good.</summary>
    public PatientDoubt Of(RunEvaluation evaluation) =>
        datasets.Find(evaluation.File.Info.Dataset) is null ? new(evaluation, datasets) : _known.GetValue(evaluation, asked => new(asked, datasets));
}

/// <summary>Intervals by patient of one evaluation, in the making or made.</summary>
public sealed class PatientDoubt
{
    private double _progress;

    internal PatientDoubt(RunEvaluation evaluation, DatasetStore datasets) => Intervals = Task.Run(() => Compute(evaluation, datasets));

    /// <summary>Null where the patients are not known, or are not known any more.</summary>
    public Task<PatientIntervals?> Intervals { get; }

    /// <summary>0..1.</summary>
    public double Progress => Volatile.Read(ref _progress);

    private PatientIntervals? Compute(RunEvaluation evaluation, DatasetStore datasets) =>
        PatientsOf(evaluation, datasets) is { } patients
            ? new PatientBootstrap(evaluation.File.Labels, evaluation.Scores, patients).Compute(progress: share => Volatile.Write(ref _progress, share))
            : null;

    /// <returns>A number an image; an image without a name is a patient of its own. Null where no image has one, or the images are gone.</returns>
    private static int[]? PatientsOf(RunEvaluation evaluation, DatasetStore datasets)
    {
        if (EvaluatedImages.Find(datasets, evaluation.File).Test is not { } test || test.Count != evaluation.File.Count) return null;

        Dictionary<string, int> numbers = [];
        int[] patients = new int[test.Count];
        var alone = 0;
        for (var i = 0; i < patients.Length; i++)
        {
            if (test.Attributes(i).GetValueOrDefault(AttributeNames.Patient) is { Length: > 0 } name)
            {
                if (!numbers.TryGetValue(name, out patients[i])) numbers[name] = patients[i] = numbers.Count + alone;
            }
            else patients[i] = numbers.Count + alone++;
        }
        return numbers.Count > 0 ? patients : null;
    }
}
