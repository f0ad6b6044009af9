using System.Text;
using Pneumothorax.Lab.Experiments.Recording;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using Tensorboard;

namespace Pneumothorax.Lab.Learning.Recording;

/// <summary>
/// Keeps what the notebook left to TensorBoard: the run's points in event files and, where they are switched on, maps of four images and the
/// spread of weights and gradients, in <c>recordings.jsonl</c> and in the event files.
/// </summary>
/// <remarks>It only looks: the network learns the same, to the bit, whether it is recorded or not.</remarks>
internal sealed class RunRecorder : IDisposable
{
    private readonly EventFile _events;
    private readonly FileStream? _file;
    private readonly HashSet<int> _steps = [];
    private readonly WatchedImages? _images;
    private readonly WatchedLayers? _layers;

    /// <summary>Drops what an earlier attempt recorded after a step, and begins a new event file.</summary>
    /// <param name="fromStep">Step that the run goes on from; 0 for a new run.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public RunRecorder(TrainingContext job, LabNetwork network, int fromStep)
    {
        var (folder, hyperparameters) = (job.Folder, job.Spec.Hyperparameters);
        if (fromStep == 0)
        {
            if (Directory.Exists(folder.TensorBoardPath)) Directory.Delete(folder.TensorBoardPath, recursive: true);
            File.Delete(folder.RecordingsPath);
        }
        folder.CutRecordings(fromStep);
        _events = new(folder.TensorBoardPath, fromStep, job.Clock);
        if (hyperparameters.RecordImages) _images = new(job, network);
        if (hyperparameters.RecordDistributions) _layers = new(network);
        if (_images is null && _layers is null) return;

        _steps = [.. RecordedSteps.Of(hyperparameters.Steps)];
        _file = new(folder.RecordingsPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (fromStep == 0) Record(0);
    }

    /// <summary>Keeps the points of an event that has some.</summary>
    public void Take(TrainingEvent happened)
    {
        if (happened is MetricsReported reported) _events.Write(reported.Points);
    }

    /// <summary>Looks at the gradients between a step's backward pass and its update, which changes them.</summary>
    public void TakeGradients(int step)
    {
        if (_steps.Contains(step)) _layers?.TakeGradients();
    }

    /// <summary>Records after a step, where that is due.</summary>
    /// <param name="last">The run ends here, sooner than it was asked to.</param>
    public void Record(int step, bool last = false)
    {
        if (_file is null || !(last || _steps.Contains(step))) return;

        var moment = new RecordedMoment { Step = step, Maps = _images?.Measure(), Layers = _layers?.Measure() };
        _file.Write(Encoding.UTF8.GetBytes(moment.Line()));
        _file.Flush();

        var summary = new Summary();
        if (moment.Maps is { } maps) summary.Value.AddRange(_images!.Pictures(maps));
        if (moment.Layers is { } layers) summary.Value.AddRange(layers.SelectMany(WatchedLayers.Histograms));
        _events.Write(step, summary);
    }

    /// <summary>Waits until the disk has all of it: a checkpoint must never be newer than what was recorded before it.</summary>
    public void FlushToDisk()
    {
        _events.FlushToDisk();
        _file?.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        _images?.Dispose();
        _file?.Dispose();
        _events.Dispose();
    }
}
