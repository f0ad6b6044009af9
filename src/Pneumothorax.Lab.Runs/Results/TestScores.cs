using System.Collections.Concurrent;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Results;

/// <summary>
/// Test AUROC of many runs, for lists. The open evaluations are few and large; of these only three numbers a run are kept.
/// </summary>
public sealed class TestScores(RunStore store)
{
    private readonly ConcurrentDictionary<int, (DateTime Written, AurocResult? Score)> _known = new();

    /// <returns>Null when the run is not evaluated, or its evaluation is damaged (its own page says so). Reads a file at the first call.</returns>
    public AurocResult? Find(Run run)
    {
        var file = new FileInfo(store.FolderOf(run).EvaluationPath);
        if (!run.IsOver || !file.Exists) return null;
        if (_known.TryGetValue(run.Id, out var known) && known.Written == file.LastWriteTimeUtc) return known.Score;

        var score = Read(file.FullName);
        _known[run.Id] = (file.LastWriteTimeUtc, score);
        return score;
    }

    private static AurocResult? Read(string path)
    {
        try
        {
            using var file = EvaluationFile.Read(path);
            return new RunEvaluation(file).Auroc;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return null;
        }
    }
}
