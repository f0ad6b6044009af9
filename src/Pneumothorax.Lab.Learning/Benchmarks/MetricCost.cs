using System.Diagnostics;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Recording;
using Pneumothorax.Lab.Learning.Training;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Benchmarks;

/// <summary>
/// What it costs to keep the figures of a step: its loss and accuracy queued on the device, read back, written to <c>metrics.jsonl</c> and to
/// an event file, and reported. Each step is written by itself here, while the trainer writes four groups a second: the cost is the highest.
/// </summary>
public static class MetricCost
{
    private const int Steps = 2_000;

    // Numbers as long as those of the last steps of a million.
    private const int First = 900_000;

    /// <param name="report">Told of every point, as a run's agent is.</param>
    /// <returns>Seconds a step, and bytes of both files a step.</returns>
    public static (double Seconds, double Bytes) Measure(Device device, Action<TrainingEvent> report)
    {
        var folder = Directory.CreateTempSubdirectory("lab-bench");
        try
        {
            var run = new RunFolder(folder.FullName);
            using var scope = NewDisposeScope();
            Tensor loss = tensor(0.6931472f, device: device), accuracy = tensor(0.8666667f, device: device);
            using var events = new EventFile(run.TensorBoardPath, fromStep: 0, TimeProvider.System);
            using var metrics = new MetricLog(run, new(), happened =>
            {
                if (happened is MetricsReported reported) events.Write(reported.Points);
                report(happened);
            });
            Write(First);
            var before = Length();
            var clock = Stopwatch.StartNew();
            for (var step = First + 1; step <= First + Steps; step++) Write(step);
            return (clock.Elapsed.TotalSeconds / Steps, (Length() - before) / (double)Steps);

            void Write(int step)
            {
                metrics.Queue(step, loss.clone(), accuracy.clone());
                metrics.WriteQueued();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        long Length() => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }
}
