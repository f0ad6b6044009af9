using System.Text;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Runs.Feed;

/// <summary>Follows the folder of a run that another host trains: what has been added to its points and its log since the last look.</summary>
internal sealed class RunTail(RunFolder folder)
{
    private int _attempt;
    private long _metrics;
    private long _log = File.Exists(folder.LogPath) ? new FileInfo(folder.LogPath).Length : 0;

    /// <param name="run">Its row, read just now.</param>
    public RunUpdate Read(Run run)
    {
        // An attempt that has not said where it goes on may be about to cut the points of the one before.
        if (run.FromStep is not { } from) return new(run, [], ReadLog());
        if (run.Attempt == _attempt) return new(run, ReadPoints(), ReadLog());

        // From the start: the end of the attempt before may not have been read before it was over. Readers skip what they have.
        (_attempt, _metrics) = (run.Attempt, 0);
        return new(run, ReadPoints(), ReadLog()) { FromStep = from };
    }

    private List<MetricPoint> ReadPoints()
    {
        try
        {
            using var reader = new MetricsReader(folder.MetricsPath, _metrics);
            List<MetricPoint> points = [.. reader.Read()];
            _metrics = reader.Position;
            return points;
        }
        catch (IOException)
        {
            return [];      // not there yet, or gone
        }
    }

    private List<string> ReadLog()
    {
        try
        {
            using var stream = new FileStream(folder.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length <= _log) return [];
            stream.Seek(_log, SeekOrigin.Begin);
            var added = new byte[stream.Length - _log];
            stream.ReadExactly(added);
            // Half a line is left for the next look.
            var whole = added.AsSpan().LastIndexOf((byte)'\n') + 1;
            _log += whole;
            return [.. Encoding.UTF8.GetString(added, 0, whole).Split('\n').SkipLast(1)];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
