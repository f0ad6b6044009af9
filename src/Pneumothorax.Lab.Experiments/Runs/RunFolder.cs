using System.Text.Json;
using Pneumothorax.Lab.Experiments.Recording;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>
/// The record of one run on disk: <c>run.json</c>, <c>metrics.jsonl</c>, <c>log.txt</c>, <c>checkpoints/step-N/</c>, <c>evaluation.h5</c>,
/// <c>features.safetensors</c>, event files in <c>tensorboard/</c>, and perhaps <c>recordings.jsonl</c>.
/// Whoever holds the folder holds the run.
/// </summary>
public sealed class RunFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string SpecPath => System.IO.Path.Combine(Path, "run.json");
    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.jsonl");
    public string LogPath => System.IO.Path.Combine(Path, "log.txt");
    public string CheckpointsPath => System.IO.Path.Combine(Path, "checkpoints");
    public string RecordingsPath => System.IO.Path.Combine(Path, "recordings.jsonl");
    public string TensorBoardPath => System.IO.Path.Combine(Path, "tensorboard");
    public string EvaluationPath => System.IO.Path.Combine(Path, "evaluation.h5");

    /// <summary>Statistics of the training images' features, by which a strange image is known; runs of older versions have none.</summary>
    public string FeaturesPath => System.IO.Path.Combine(Path, "features.safetensors");

    /// <summary>False where nothing was recorded yet, or the folder was removed: a run that begins describes itself first.</summary>
    public bool IsThere => File.Exists(SpecPath);

    public bool HasEvaluation => File.Exists(EvaluationPath);

    public string CheckpointPath(int step) => System.IO.Path.Combine(CheckpointsPath, $"step-{step}");

    /// <returns>Steps of the complete checkpoints, oldest first. One that is being written has another name.</returns>
    public IReadOnlyList<int> CheckpointSteps() =>
        !Directory.Exists(CheckpointsPath)
            ? []
            : [.. from folder in Directory.EnumerateDirectories(CheckpointsPath, "step-*")
                  let step = int.TryParse(System.IO.Path.GetFileName(folder)["step-".Length..], out var parsed) ? parsed : -1
                  where step >= 0
                  orderby step
                  select step];

    /// <summary>Weights of a checkpoint, as safetensors.</summary>
    public string WeightsPath(int step) => System.IO.Path.Combine(CheckpointPath(step), "weights.safetensors");

    /// <exception cref="InvalidDataException">There is no such checkpoint, or its <c>state.json</c> is damaged or an older version's; the message names it.</exception>
    public CheckpointState ReadCheckpoint(int step)
    {
        var path = System.IO.Path.Combine(CheckpointPath(step), "state.json");
        if (!File.Exists(path))
        {
            var there = CheckpointSteps();
            throw new InvalidDataException(there.Contains(step)
                ? $"{path} is missing."
                : $"{Path} has no checkpoint of step {step}. It has: {(there.Count == 0 ? "none" : string.Join(", ", there))}.");
        }
        // Until optimizers could be chosen, a checkpoint held the momentum under this name and in a layout of its own.
        if (File.Exists(System.IO.Path.Combine(CheckpointPath(step), "momentum.safetensors")))
            throw new InvalidDataException($"{CheckpointPath(step)} comes from an older version of the lab, whose checkpoints this version cannot read.");
        try
        {
            return JsonSerializer.Deserialize<CheckpointState>(File.ReadAllText(path), LabJson.Document)
                ?? throw new InvalidDataException($"{path} is empty.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is damaged: {exception.Message}", exception);
        }
    }

    /// <returns>The best step by the newest checkpoint's reckoning, else the newest step.</returns>
    /// <exception cref="InvalidDataException">The run has no usable checkpoint.</exception>
    public int BestCheckpointStep()
    {
        var steps = CheckpointSteps();
        if (steps.Count == 0) throw new InvalidDataException($"{Path} has no checkpoint yet.");

        return ReadCheckpoint(steps[^1]).Best?.Step is { } best && steps.Contains(best) ? best : steps[^1];
    }

    /// <exception cref="InvalidDataException">The file is absent or damaged; the message names it.</exception>
    public RunSpec ReadSpec() => ReadSpec(SpecPath);

    /// <param name="path">A <c>run.json</c>, wherever it lies.</param>
    /// <exception cref="InvalidDataException">The file is absent or damaged; the message names it.</exception>
    public static RunSpec ReadSpec(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunSpec>(File.ReadAllText(path), LabJson.Document)
                ?? throw new InvalidDataException($"{path} is empty.");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new InvalidDataException($"{path} is not a run's description: {exception.Message}", exception);
        }
    }

    public void WriteSpec(RunSpec spec)
    {
        Directory.CreateDirectory(Path);
        AtomicFile.WriteText(SpecPath, JsonSerializer.Serialize(spec, LabJson.Document) + "\n");
    }

    /// <summary>Reads the points in file order. A last line cut short by a killed process is left out.</summary>
    public IEnumerable<MetricPoint> ReadMetrics()
    {
        if (!File.Exists(MetricsPath)) yield break;

        using var reader = new MetricsReader(MetricsPath);
        foreach (var point in reader.Read()) yield return point;
    }

    /// <summary>Drops the points after a step, so that a resumed run writes each point once.</summary>
    public void CutMetrics(int afterStep)
    {
        var kept = ReadMetrics().Where(point => point.Step <= afterStep).Select(point => JsonSerializer.Serialize(point, LabJson.Line)).ToList();
        AtomicFile.WriteText(MetricsPath, string.Concat(kept.Select(line => line + "\n")));
    }

    /// <summary>Reads what was recorded, in file order; empty where nothing was. A last line cut short by a killed process is left out.</summary>
    public IReadOnlyList<RecordedMoment> ReadRecordings()
    {
        if (!File.Exists(RecordingsPath)) return [];

        // The trainer may be appending: share everything.
        using var stream = new FileStream(RecordingsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        List<RecordedMoment> moments = [];
        while (reader.ReadLine() is { } line)
        {
            if (RecordedMoment.Parse(line) is { } moment) moments.Add(moment);
        }
        return moments;
    }

    /// <summary>Drops what was recorded after a step, and half a line that a killed process left.</summary>
    public void CutRecordings(int afterStep)
    {
        if (!File.Exists(RecordingsPath)) return;
        AtomicFile.WriteText(RecordingsPath, string.Concat(ReadRecordings().Where(moment => moment.Step <= afterStep).Select(moment => moment.Line())));
    }
}
