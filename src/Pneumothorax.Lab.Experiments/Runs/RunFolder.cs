using System.Text.Json;
using Pneumothorax.Lab.Experiments.Recording;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>
/// The record of one run on disk: <c>run.json</c>, <c>metrics.jsonl</c>, <c>log.txt</c>, <c>checkpoints/step-N/</c>, <c>evaluation.h5</c>,
/// event files in <c>tensorboard/</c>, and perhaps <c>recordings.jsonl</c>.
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

    /// <exception cref="InvalidDataException">The file is absent or damaged; the message names it.</exception>
    public RunSpec ReadSpec()
    {
        try
        {
            return JsonSerializer.Deserialize<RunSpec>(File.ReadAllText(SpecPath), LabJson.Document)
                ?? throw new InvalidDataException($"{SpecPath} is empty.");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            throw new InvalidDataException($"{SpecPath} is not a run's description: {exception.Message}", exception);
        }
    }

    public void WriteSpec(RunSpec spec)
    {
        Directory.CreateDirectory(Path);
        WriteWhole(SpecPath, JsonSerializer.Serialize(spec, LabJson.Document) + "\n");
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
        WriteWhole(MetricsPath, string.Concat(kept.Select(line => line + "\n")));
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
        WriteWhole(RecordingsPath, string.Concat(ReadRecordings().Where(moment => moment.Step <= afterStep).Select(moment => moment.Line())));
    }

    /// <summary>Either the old file or the new one is there, never half of one.</summary>
    private static void WriteWhole(string path, string text)
    {
        var temporary = path + ".part";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
