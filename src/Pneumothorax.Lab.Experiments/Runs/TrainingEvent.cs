using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>
/// What a training process tells its agent: one JSON object a line on standard output, told apart by <c>"event"</c>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(TrainingStarted), "started")]
[JsonDerivedType(typeof(MetricsReported), "metrics")]
[JsonDerivedType(typeof(ProgressReported), "progress")]
[JsonDerivedType(typeof(CheckpointSaved), "checkpoint")]
[JsonDerivedType(typeof(LogWritten), "log")]
[JsonDerivedType(typeof(StillWorking), "working")]
[JsonDerivedType(typeof(TrainingStopped), "stopped")]
[JsonDerivedType(typeof(TrainingFailed), "failed")]
[JsonDerivedType(typeof(TrainingCompleted), "completed")]
public abstract record TrainingEvent
{
    /// <returns>Null for a line that is no event: a library that prints to standard output.</returns>
    public static TrainingEvent? Parse(string line)
    {
        try { return JsonSerializer.Deserialize<TrainingEvent>(line, LabJson.Line); }
        catch (Exception exception) when (exception is JsonException or NotSupportedException) { return null; }
    }

    /// <summary>Writes it as a line.</summary>
    public void WriteLine(Stream target)
    {
        JsonSerializer.Serialize(target, this, LabJson.Line);
        target.WriteByte((byte)'\n');
    }
}

/// <param name="FromStep">0 for a new run, else the step of the checkpoint it goes on from.
/// Points after that step which an earlier attempt wrote no longer count.</param>
public sealed record TrainingStarted(
    int FromStep, int Steps, int TrainImages, int ValidationImages, long Parameters, string Device) : TrainingEvent;

/// <summary>New points, in the order of <c>metrics.jsonl</c>.</summary>
public sealed record MetricsReported(IReadOnlyList<MetricPoint> Points) : TrainingEvent;

/// <summary>About twice a second. Not a metric: depends on the clock.</summary>
/// <param name="Stage">"Training" or "Evaluating".</param>
/// <param name="Done">Steps, or images while evaluating.</param>
public sealed record ProgressReported(
    string Stage, int Done, int Total, double ImagesPerSecond, double? SecondsLeft) : TrainingEvent;

/// <param name="IsBest">Highest validation AUROC so far.</param>
public sealed record CheckpointSaved(int Step, long Bytes, bool IsBest) : TrainingEvent;

public sealed record LogWritten(string Message) : TrainingEvent;

/// <summary>Every few seconds while the trainer does something, whatever else it has to tell: loading, a long step, a checkpoint, an evaluation.</summary>
public sealed record StillWorking : TrainingEvent;

/// <summary>Ended on request, after a checkpoint at this step.</summary>
public sealed record TrainingStopped(int Step) : TrainingEvent;

/// <param name="Message">What happened and what to change, in one line for a student.</param>
/// <param name="IsHostFault">Not the run's settings but the host is to blame, such as a full disk: trying again may help.</param>
public sealed record TrainingFailed(string Message, int? Step, bool IsHostFault = false) : TrainingEvent;

/// <summary>Trained and evaluated: <c>evaluation.h5</c> is there.</summary>
/// <param name="CheckpointStep">The checkpoint that was evaluated.</param>
public sealed record TrainingCompleted(int Step, int CheckpointStep) : TrainingEvent;

/// <summary>One point of one curve. Line of <c>metrics.jsonl</c>: <c>{"step":10,"series":"train/loss","value":0.69}</c>.</summary>
public readonly record struct MetricPoint(int Step, string Series, double Value);

/// <summary>Names of series, as in <c>metrics.jsonl</c> and <c>metrics.csv</c>.</summary>
public static class SeriesNames
{
    public const string TrainLoss = "train/loss";
    public const string TrainAccuracy = "train/accuracy";
    public const string ValidationLoss = "validation/loss";
    public const string ValidationAccuracy = "validation/accuracy";
    public const string ValidationAuroc = "validation/auroc";
}
