using System.Globalization;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>
/// Collects the figures of each step where they were computed, and writes them to <c>metrics.jsonl</c> in groups.
/// </summary>
/// <remarks>
/// Reading a number back makes a GPU wait, so steps only queue their tensors. When they are read depends on the clock; what they
/// say and the order in which they are written do not.
/// </remarks>
internal sealed class MetricLog : IDisposable
{
    private readonly List<(int Step, Tensor Loss, Tensor Accuracy)> _pending = [];
    private readonly FileStream _file;
    private readonly Hyperparameters _hyperparameters;
    private readonly Action<TrainingEvent> _report;

    /// <summary>Opens the file behind its last point; what a later point an earlier attempt left must be cut before.</summary>
    public MetricLog(RunFolder folder, Hyperparameters hyperparameters, Action<TrainingEvent> report)
    {
        (_hyperparameters, _report) = (hyperparameters, report);
        _file = new(folder.MetricsPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Loss of the newest step that was read; null before the first.</summary>
    public double? LatestLoss { get; private set; }

    /// <param name="loss">Scalar on the device; becomes this object's.</param>
    /// <param name="accuracy">Scalar on the device; becomes this object's.</param>
    public void Queue(int step, Tensor loss, Tensor accuracy) =>
        _pending.Add((step, loss.DetachFromDisposeScope(), accuracy.DetachFromDisposeScope()));

    /// <summary>Reads, writes and reports what was queued.</summary>
    /// <exception cref="TrainingFailedException">A loss is not finite. The points before it are written.</exception>
    public void WriteQueued()
    {
        if (_pending.Count == 0) return;

        float[] values;
        using (NewDisposeScope())
            values = stack(_pending.SelectMany(queued => new[] { queued.Loss, queued.Accuracy })).cpu().data<float>().ToArray();

        var points = new List<MetricPoint>(values.Length);
        TrainingFailedException? failure = null;
        for (var i = 0; i < _pending.Count && failure is null; i++)
        {
            var (step, loss) = (_pending[i].Step, values[2 * i]);
            if (!float.IsFinite(loss))
            {
                failure = TrainingFailedException.Diverged(loss, "loss", step, _hyperparameters);
                continue;
            }
            LatestLoss = loss;
            points.Add(new(step, SeriesNames.TrainLoss, Shortest(loss)));
            points.Add(new(step, SeriesNames.TrainAccuracy, Shortest(values[2 * i + 1])));
        }
        DropQueued();
        Write(points);
        if (failure is not null) throw failure;
    }

    /// <summary>Appends points and reports them; readers of the file see them before the report does.</summary>
    public void Write(IReadOnlyList<MetricPoint> points)
    {
        if (points.Count == 0) return;

        using var lines = new MemoryStream();
        foreach (var point in points)
        {
            JsonSerializer.Serialize(lines, point, LabJson.Line);
            lines.WriteByte((byte)'\n');
        }
        _file.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        _file.Flush();
        _report(new MetricsReported(points));
    }

    /// <summary>Waits until the disk has every point: a checkpoint must never be newer than the points before it.</summary>
    public void FlushToDisk() => _file.Flush(flushToDisk: true);

    public void Dispose()
    {
        DropQueued();
        _file.Dispose();
    }

    /// <returns>The double of the fewest digits that is this float when rounded: 0.8666667, not 0.8666667222976685. A third of a line is saved.</returns>
    private static double Shortest(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private void DropQueued()
    {
        foreach (var (_, loss, accuracy) in _pending)
        {
            loss.Dispose();
            accuracy.Dispose();
        }
        _pending.Clear();
    }
}
