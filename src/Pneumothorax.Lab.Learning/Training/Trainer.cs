using System.Globalization;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Hosts;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Native;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Trains on the calling thread. Never await in here: dispose scopes and gradient mode belong to the thread.</summary>
public sealed class Trainer : IDisposable
{
    // Often enough for a live curve, seldom enough that a GPU does not wait for it.
    private static readonly TimeSpan s_readInterval = TimeSpan.FromSeconds(0.25);

    private readonly TrainingContext _job;
    private readonly LabNetwork _network;
    private readonly OptimizerUpdate _descent;
    private readonly TrainingLoss _loss;
    private readonly TrainingStep _step;
    private readonly EarlyStopping _earlyStopping;
    private readonly BatchLoader _images;
    private readonly EpochSampler _order;
    private readonly ValidationSample? _validation;
    private readonly CheckpointStore _checkpoints;
    private BestCheckpoint? _best;
    private readonly long _freeMemory = HostMemory.Free();
    private bool _toldSilent;

    public Trainer(TrainingContext job)
    {
        var hyperparameters = job.Spec.Hyperparameters;
        var train = job.Dataset[SplitName.Train];
        if (train.TrainingRows.Count == 0) throw new InvalidDataException($"Data set \"{job.Dataset.Manifest.Name}\" has no images to train on.");

        _job = job;
        TrainingDevice.AllowTF32(hyperparameters.Precision == Precision.TF32);
        _network = new LabNetwork(job.Network, hyperparameters.Seed);
        _network.to(job.Device);
        _descent = new(_network, hyperparameters);
        _loss = new(hyperparameters, train, job.Device);
        _step = new(_network, _descent, _loss, hyperparameters);
        _earlyStopping = new(hyperparameters.EarlyStopping);
        _images = new(train, job.Dataset.Manifest.ImageSize, job.Device, job.Pulse);
        _order = new(hyperparameters.Seed, train.TrainingRows, hyperparameters.Shuffle);
        _checkpoints = new(job.Folder);
        if (job.Dataset.Has(SplitName.Validation))
        {
            var validation = job.Dataset[SplitName.Validation];
            _validation = new(validation, new(validation, job.Dataset.Manifest.ImageSize, job.Device, job.Pulse));
        }
    }

    /// <summary>Whether the validation AUROC has not risen for so long that the run is over before its last step.</summary>
    public bool EndedEarly => _earlyStopping.IsOver;

    private Hyperparameters Hyperparameters => _job.Spec.Hyperparameters;

    /// <summary>
    /// Trains up to the last step, to an early end, or to the step at which it is asked to stop; a checkpoint is there in each case.
    /// </summary>
    /// <param name="stop">Checked after every step.</param>
    /// <returns>The step that was reached.</returns>
    /// <exception cref="TrainingFailedException">The loss is not finite, the disk is full, or memory does not suffice.</exception>
    public int Train(CancellationToken stop)
    {
        var step = Prepare();
        _job.Report(new TrainingStarted(
            step, Hyperparameters.Steps, _job.Dataset[SplitName.Train].TrainingRows.Count, _validation?.Count ?? 0,
            _job.Network.Parameters, TrainingDevice.NameOf(_job.Device)));
        if (FastConvolutions.AreOff && _job.Device.type == DeviceType.CPU)
            _job.Log("The fast convolutions of this processor's library give wrong results for this network, so the run uses slower ones. Networks in which the width of every block is a multiple of 16 feature maps are fast.");
        try
        {
            using var recorder = new RunRecorder(_job, _network, step);
            using var metrics = new MetricLog(_job.Folder, Hyperparameters, happened =>
            {
                recorder.Take(happened);
                _job.Report(happened);
            });
            var left = _job.TimeLeft;
            var progress = new ProgressMeter("Training", Hyperparameters.Steps, Hyperparameters.BatchSize, left, _job.Report, _job.Clock);
            left.Start(step);
            progress.At(step);
            var read = _job.Clock.GetTimestamp();
            var first = step + 1;
            while (step < Hyperparameters.Steps && !EndedEarly)
            {
                step++;
                Update(step, metrics, recorder);

                var last = step == Hyperparameters.Steps;
                var validate = last || step % Hyperparameters.ValidationEvery == 0;
                var checkpoint = last || step % Hyperparameters.CheckpointEvery == 0;
                var stopping = !last && stop.IsCancellationRequested;
                if (step == first || validate || checkpoint || stopping || _job.Clock.GetElapsedTime(read) >= s_readInterval)
                {
                    if (_job.IsFolderRemoved) throw TrainingFailedException.FolderRemoved(step);
                    metrics.WriteQueued();
                    read = _job.Clock.GetTimestamp();
                    left.Stepped(step);
                }
                var auroc = validate ? Validate(step, metrics) : null;
                if (validate) left.Validated();
                var scheduled = checkpoint || EndedEarly;
                // Before the checkpoint: a run that goes on from it has recorded its step already.
                recorder.Record(step, last: EndedEarly);
                if (scheduled || stopping)
                {
                    recorder.FlushToDisk();
                    Save(step, scheduled ? auroc : null, metrics);
                    left.Saved();
                }
                progress.At(step, now: step == first || last);
                if (stopping) break;
            }
            if (EndedEarly && step < Hyperparameters.Steps)
                _job.Log($"The run ends early, at step {step}: the validation AUROC has not risen for {Hyperparameters.EarlyStopping} validations.");
            return step;
        }
        catch (IOException exception)
        {
            throw TrainingFailedException.DiskRefused(exception, _job.Folder, step);
        }
        catch (Exception exception) when (TrainingFailedException.IsOutOfMemory(exception))
        {
            throw TrainingFailedException.OutOfMemory(exception, _job, step, _freeMemory, _images.ResidentBytes);
        }
    }

    public void Dispose()
    {
        _validation?.Dispose();
        _images.Dispose();
        _loss.Dispose();
        _descent.Dispose();
        _network.Dispose();
    }

    /// <summary>Brings folder, network and optimizer to the step from which to go on.</summary>
    private int Prepare()
    {
        CheckpointState? state = null;
        if (_job.Resume)
        {
            state = _checkpoints.LoadNewest(_network, _descent, _job.Log);
            if (state is null)
            {
                _network.Initialise(Hyperparameters.Seed);
                if (File.Exists(_job.Folder.MetricsPath)) _job.Log("There is no checkpoint to continue from, so the run starts from the beginning.");
            }
        }
        else
        {
            _checkpoints.Clear();
            File.Delete(_job.Folder.EvaluationPath);
        }
        _job.Folder.CutMetrics(state?.Step ?? 0);
        _best = state?.Best;
        if (Hyperparameters.EarlyStopping > 0) _earlyStopping.TakeAll(_job.Folder.ReadMetrics());
        return state?.Step ?? 0;
    }

    /// <summary>One update from one batch. Its loss and accuracy are those before the update.</summary>
    private void Update(int step, MetricLog metrics, RunRecorder recorder)
    {
        using var scope = NewDisposeScope();
        var (pixels, labels) = _images.Batch(_order.Batch(step, Hyperparameters.BatchSize));
        var (loss, accuracy) = _step.Run(step, pixels, labels, recorder.TakeGradients);
        metrics.Queue(step, loss, accuracy);
    }

    /// <returns>Validation AUROC; null where there is no validation split, or one class only.</returns>
    private double? Validate(int step, MetricLog metrics)
    {
        if (_validation is null) return null;

        var (loss, accuracy, auroc, silent) = _validation.Measure(_network);
        if (!double.IsFinite(loss)) throw TrainingFailedException.Diverged(loss, "validation loss", step, Hyperparameters);

        List<MetricPoint> points = [new(step, SeriesNames.ValidationLoss, loss), new(step, SeriesNames.ValidationAccuracy, accuracy)];
        if (auroc is { } value)
        {
            points.Add(new(step, SeriesNames.ValidationAuroc, value));
            _earlyStopping.Take(value);
        }
        metrics.Write(points);
        _job.Log(FormattableString.Invariant($"Step {step}: train loss {Short(metrics.LatestLoss)}, validation loss {Short(loss)}, validation accuracy {accuracy:0.00}."));
        if (silent && !_toldSilent)
        {
            _toldSilent = true;
            _job.Log(FormattableString.Invariant($"Every image gets the same answer: the network has gone silent and will not recover. The usual cause is a learning rate that is too high; this run uses {Hyperparameters.LearningRate:0.########}."));
        }
        return auroc;
    }

    /// <param name="auroc">Null also at a step where the run was only asked to stop: such a step must not become the best one,
    /// or a run that was interrupted would end with other results than one that was not.</param>
    private void Save(int step, double? auroc, MetricLog metrics)
    {
        using var aside = _job.Pulse?.Aside();
        metrics.FlushToDisk();
        _best = BestCheckpoint.Of(_best, step, auroc);
        var bytes = _checkpoints.Save(step, _network, _descent, _best);
        _checkpoints.Prune(_best);
        _job.Report(new CheckpointSaved(step, bytes, IsBest: _best?.Step == step));
    }

    /// <summary>A loss that ran away has dozens of digits, which nobody reads.</summary>
    private static string Short(double? loss) => loss is { } value ? value.ToString(Math.Abs(value) < 1000 ? "0.0000" : "0.00e+0", CultureInfo.InvariantCulture) : "";
}
