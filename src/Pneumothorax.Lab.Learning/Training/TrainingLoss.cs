using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Softmax cross-entropy with the run's label smoothing and class weights.</summary>
internal sealed class TrainingLoss : IDisposable
{
    private readonly Tensor? _weights;      // (2) float32; null where every image counts the same
    private readonly double _smoothing;

    public TrainingLoss(Hyperparameters hyperparameters, ImageSplit train, Device device)
        : this(hyperparameters.LabelSmoothing, hyperparameters.ClassWeighting == ClassWeighting.Balanced ? Balanced(train) : null, device)
    {
    }

    /// <param name="classWeights">Of no pneumothorax and of pneumothorax; null for the same.</param>
    internal TrainingLoss(double smoothing, float[]? classWeights, Device device)
    {
        _smoothing = smoothing;
        if (classWeights is not null) _weights = tensor(classWeights, device: device).DetachFromDisposeScope();
    }

    /// <param name="logits">(N, 2) float32.</param>
    /// <param name="labels">(N) int64.</param>
    /// <returns>Scalar, nats: with class weights the weighted mean over the batch, as in PyTorch.</returns>
    public Tensor Of(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels, weight: _weights, label_smoothing: _smoothing);

    public void Dispose() => _weights?.Dispose();

    /// <returns>Images / (2 x images of the class), so that both classes weigh the same in sum; 1 for a class that is not there.</returns>
    private static float[] Balanced(ImageSplit train)
    {
        var sick = train.TrainingRows.Count(train.HasPneumothorax);
        var all = train.TrainingRows.Count;
        return [.. new[] { all - sick, sick }.Select(count => count == 0 ? 1 : (float)all / (NetworkSpec.Classes * count))];
    }
}
