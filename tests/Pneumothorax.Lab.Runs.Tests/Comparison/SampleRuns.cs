using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation.Tests;
using Pneumothorax.Lab.Experiments.Curves;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Comparison;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Tests.Comparison;

/// <summary>Evaluated runs on ten images, see <see cref="SampleEvaluations"/>.</summary>
internal static class SampleRuns
{
    public static readonly double[] Reversed = [0.95, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.05];

    public static ComparedRun Of(int place, string labels = "0000100111", double[]? scores = null, string dataHash = "hash", Hyperparameters? hyperparameters = null, bool evaluated = true) => new(
        place, new Run { Id = place + 11, Name = $"Run {place + 11}", Dataset = "sample", Network = "lite", Hyperparameters = hyperparameters ?? new() }, new RunCurves(),
        evaluated ? SampleEvaluations.Of(labels, scores: scores, dataHash: dataHash) : null, Manifest, StepsAnEpoch: 10);

    public static DatasetManifest Manifest { get; } = new() { Name = "sample", Title = "Sample", Source = "Nobody", Hash = "hash", Splits = [], ValidationRule = "none" };
}
