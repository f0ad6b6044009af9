using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Results;

/// <summary>Opened evaluations, a few of them kept: pages and API ask for the same one image after image.</summary>
public sealed class Evaluations(RunStore store) : IDisposable
{
    /// <summary>Of all kept evaluations together: about 128 MB of scores. Maps stay in the files.</summary>
    private const int MostImages = 3_200_000;

    /// <summary>An open file each: the smallest evaluation counts as this share of the images.</summary>
    private const int MostFiles = 256;

    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostImages });
    private readonly ConcurrentDictionary<(string Path, DateTime Written, long Length), Lazy<RunEvaluation>> _opening = [];
    private long _swept = Environment.TickCount64;

    /// <returns>Null when the run has not been evaluated yet.</returns>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    public RunEvaluation? Find(Run run) => Find(store.FolderOf(run));

    /// <inheritdoc cref="Find(Run)"/>
    public RunEvaluation? Find(RunFolder folder)
    {
        DropWhatIsGone();
        var file = new FileInfo(folder.EvaluationPath);
        if (!file.Exists) return null;

        var key = (file.FullName, file.LastWriteTimeUtc, file.Length);
        if (Kept(key) is { } kept) return kept;
        // Several ask at once when a page opens: one of them reads. Who waits for a large file keeps nobody else waiting.
        var opening = _opening.GetOrAdd(key, asked => new(() => Kept(asked) ?? Open(asked)));
        try { return opening.Value; }
        finally { _opening.TryRemove(new(key, opening)); }
    }

    public void Dispose() => _kept.Dispose();

    // A resumed run replaces its evaluation.
    private RunEvaluation? Kept((string Path, DateTime Written, long Length) key) =>
        _kept.TryGetValue(key.Path, out (DateTime Written, long Length, RunEvaluation Evaluation) kept) && (kept.Written, kept.Length) == (key.Written, key.Length)
            ? kept.Evaluation
            : null;

    private RunEvaluation Open((string Path, DateTime Written, long Length) key)
    {
        var evaluation = new RunEvaluation(EvaluationFile.Read(key.Path));
        var options = new MemoryCacheEntryOptions { Size = Math.Clamp(evaluation.File.Count, MostImages / MostFiles, MostImages) };
        // A page that still shows it goes on: it opens the file for each map.
        options.RegisterPostEvictionCallback(static (_, value, _, _) => (((DateTime, long, RunEvaluation Evaluation))value!).Evaluation.File.Dispose());
        _kept.Set(key.Path, (key.Written, key.Length, evaluation), options);
        return evaluation;
    }

    /// <summary>Files of deleted runs would take space on the disk for as long as they are open.</summary>
    private void DropWhatIsGone()
    {
        var swept = Interlocked.Read(ref _swept);
        if (Environment.TickCount64 - swept < s_sweepEvery.TotalMilliseconds || Interlocked.CompareExchange(ref _swept, Environment.TickCount64, swept) != swept) return;

        foreach (var path in _kept.Keys.Cast<string>().ToList())
        {
            var file = new FileInfo(path);
            if (!file.Exists || Kept((path, file.LastWriteTimeUtc, file.Length)) is null) _kept.Remove(path);
        }
    }
}
