using System.Text.Json;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>
/// The record of one run on disk: <c>run.json</c>, <c>metrics.jsonl</c>, <c>log.txt</c>, <c>checkpoints/step-N/</c>, <c>evaluation.h5</c>.
/// Whoever holds the folder holds the run.
/// </summary>
public sealed class RunFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string SpecPath => System.IO.Path.Combine(Path, "run.json");
    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.jsonl");
    public string LogPath => System.IO.Path.Combine(Path, "log.txt");
    public string CheckpointsPath => System.IO.Path.Combine(Path, "checkpoints");
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

    /// <summary>Either the old file or the new one is there, never half of one.</summary>
    private static void WriteWhole(string path, string text)
    {
        var temporary = path + ".part";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
