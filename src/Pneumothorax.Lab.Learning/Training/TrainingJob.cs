using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>One run as the trainer needs it: where it is recorded, what it learns from, who listens.</summary>
public sealed record TrainingJob
{
    public required RunFolder Folder { get; init; }

    public required RunSpec Spec { get; init; }

    /// <summary>With the variations of the spec's hyperparameters.</summary>
    public required NetworkSpec Network { get; init; }

    public required Dataset Dataset { get; init; }

    public required Device Device { get; init; }

    /// <summary>Go on from the newest whole checkpoint, if there is one; otherwise what an earlier attempt left is deleted.</summary>
    public bool Resume { get; init; }

    /// <summary>Told everything that happens, on the training thread.</summary>
    public required Action<TrainingEvent> Report { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Log(string message) => Report(new LogWritten(message));
}
