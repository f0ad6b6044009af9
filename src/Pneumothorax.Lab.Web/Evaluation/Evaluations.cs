using Pneumothorax.Lab.Data.Evaluations;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>Opened evaluations, a few of them kept: pages and API ask for the same one image after image.</summary>
public sealed class Evaluations(RunStore store)
{
    /// <summary>One of the full network with its features takes about 30 MB.</summary>
    private const int Most = 6;

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Key, Lazy<RunEvaluation> Evaluation)> _recent = [];      // the last used first

    /// <returns>Null when the run has not been evaluated yet.</returns>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public RunEvaluation? Find(Run run)
    {
        var file = new FileInfo(store.FolderOf(run).EvaluationPath);
        if (!file.Exists) return null;

        // A resumed run replaces its evaluation.
        var key = $"{file.FullName}|{file.LastWriteTimeUtc.Ticks}|{file.Length}";
        Lazy<RunEvaluation> evaluation;
        lock (_gate)
        {
            var node = _recent.First;
            while (node is not null && node.Value.Key != key) node = node.Next;
            if (node is null)
            {
                node = new((key, new(() => new(EvaluationFile.Read(file.FullName)))));
                if (_recent.Count == Most) _recent.RemoveLast();
            }
            else
            {
                _recent.Remove(node);
            }
            _recent.AddFirst(node);
            evaluation = node.Value.Evaluation;
        }
        // Outside the lock: who waits for a large file keeps nobody else waiting.
        return evaluation.Value;
    }
}
