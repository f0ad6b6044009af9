using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Results;

/// <summary>Opened evaluations, a few of them kept: pages and API ask for the same one image after image.</summary>
public sealed class Evaluations(RunStore store)
{
    /// <summary>An open file each.</summary>
    private const int MostFiles = 256;

    /// <summary>Of all kept evaluations together: about 128 MB of scores. Maps stay in the files.</summary>
    private const long MostImages = 3_200_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Key, Lazy<RunEvaluation> Evaluation)> _recent = [];      // the last used first

    /// <returns>Null when the run has not been evaluated yet.</returns>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public RunEvaluation? Find(Run run)
    {
        var file = new FileInfo(store.FolderOf(run).EvaluationPath);
        if (!file.Exists) return null;

        var key = KeyOf(file);
        Lazy<RunEvaluation> evaluation;
        lock (_gate)
        {
            DropWhatIsGone();
            var node = _recent.First;
            while (node is not null && node.Value.Key != key) node = node.Next;
            if (node is null)
            {
                node = new((key, new(() => new(EvaluationFile.Read(file.FullName)))));
                MakeRoom();
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

    /// <summary>Files of deleted runs would take space on the disk for as long as they are open.</summary>
    private void DropWhatIsGone()
    {
        for (var node = _recent.First; node is not null;)
        {
            var next = node.Next;
            var file = new FileInfo(node.Value.Key[..node.Value.Key.IndexOf('|', StringComparison.Ordinal)]);
            if (!file.Exists || KeyOf(file) != node.Value.Key) Drop(node);
            node = next;
        }
    }

    private void MakeRoom()
    {
        while (_recent.Count >= MostFiles || _recent.Count > 1 && _recent.Sum(kept => kept.Evaluation is { IsValueCreated: true, Value: var read } ? (long)read.File.Count : 0) > MostImages)
            Drop(_recent.Last!);
    }

    /// <summary>A page that still shows it goes on: it opens the file for each map.</summary>
    private void Drop(LinkedListNode<(string Key, Lazy<RunEvaluation> Evaluation)> node)
    {
        _recent.Remove(node);
        if (node.Value.Evaluation.IsValueCreated) node.Value.Evaluation.Value.File.Dispose();
    }

    // A resumed run replaces its evaluation.
    private static string KeyOf(FileInfo file) => $"{file.FullName}|{file.LastWriteTimeUtc.Ticks}|{file.Length}";
}
