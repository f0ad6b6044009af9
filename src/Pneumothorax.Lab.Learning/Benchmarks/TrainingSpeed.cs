using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Benchmarks;

/// <summary>How fast a network trains, by the trainer's own step on images of noise; reading the disk and validation are left out.</summary>
public sealed class TrainingSpeed : IDisposable
{
    private const int Images = 256;
    private const int ImageSize = 256;

    private readonly LabNetwork _network;
    private readonly Hyperparameters _hyperparameters;
    private readonly OptimizerUpdate _descent;
    private readonly TrainingLoss _loss;
    private readonly TrainingStep _training;
    private readonly Tensor _pixels;        // (images, 256, 256) uint8
    private readonly Tensor _labels;        // (images) int64
    private int _step;

    public TrainingSpeed(NetworkSpec spec, Hyperparameters hyperparameters, Device device)
    {
        using var scope = NewDisposeScope();
        _hyperparameters = hyperparameters;
        _network = new(spec, hyperparameters.Seed);
        _network.to(device);
        _descent = new(_network, hyperparameters);
        _loss = new(hyperparameters.LabelSmoothing, classWeights: null, device);
        _training = new(_network, _descent, _loss, hyperparameters);
        _pixels = randint(256, [Images, ImageSize, ImageSize], ScalarType.Byte, device).DetachFromDisposeScope();
        _labels = randint(NetworkSpec.Classes, [Images], ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <returns>Images a second.</returns>
    public double Measure(TimeSpan atLeast) => _hyperparameters.BatchSize * Repetition.PerSecond(Train, _pixels.device, atLeast);

    public void Dispose()
    {
        _pixels.Dispose();
        _labels.Dispose();
        _loss.Dispose();
        _descent.Dispose();
        _network.Dispose();
    }

    private void Train()
    {
        using var scope = NewDisposeScope();
        var size = _hyperparameters.BatchSize;
        var first = size * _step % (Images - size);
        _step++;
        _training.Run(_step, _pixels.narrow(0, first, size), _labels.narrow(0, first, size));
    }
}
