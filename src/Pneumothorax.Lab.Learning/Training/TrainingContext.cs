using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>One run as the trainer needs it: where it is recorded, what it learns from, who listens.</summary>
public sealed record TrainingContext
{
    private readonly bool _wasDescribed;

    public required RunFolder Folder
    {
        get;
        init => (field, _wasDescribed) = (value, value.IsThere);
    }

    /// <summary>The folder held <c>run.json</c> when the training was set up and does not any more: somebody removed it.</summary>
    public bool IsFolderRemoved => _wasDescribed && !Folder.IsThere;

    public required RunSpec Spec { get; init; }

    /// <summary>With the variations of the spec's hyperparameters.</summary>
    public required NetworkSpec Network { get; init; }

    public required Dataset Dataset { get; init; }

    public required Device Device { get; init; }

    /// <summary>Go on from the newest whole checkpoint, if there is one; otherwise what an earlier attempt left is deleted.</summary>
    public bool Resume { get; init; }

    /// <summary>Told everything that happens, on the training thread.</summary>
    public required Action<TrainingEvent> Report { get; init; }

    /// <summary>Told of every batch; null where nobody watches.</summary>
    public Pulse? Pulse { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>From the first step to the end of the evaluation.</summary>
    internal TimeLeft TimeLeft => field ??= new(Network, Spec.Hyperparameters, Images, Clock);

    /// <summary>Images that cost time.</summary>
    internal SplitSizes Images => new(
        Dataset[SplitName.Train].TrainingRows.Count,
        Dataset.Has(SplitName.Validation) ? Dataset[SplitName.Validation].Count : 0,
        Dataset.Has(SplitName.Test) ? Dataset[SplitName.Test].Count : 0);

    /// <summary>Shows the part of a run after its last step, from some image on.</summary>
    internal ProgressMeter MeterOfEvaluation() => new("Evaluating", RunWork.EvaluatedImages(Images), 1, TimeLeft, Report, Clock);

    internal void Log(string message) => Report(new LogWritten(message));
}
