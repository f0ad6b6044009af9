using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>One update of the weights from one batch: what a run repeats, and what <c>lab bench</c> measures.</summary>
/// <param name="network">Changed by every step; not disposed.</param>
/// <param name="descent">Not disposed.</param>
/// <param name="loss">Not disposed.</param>
internal sealed class TrainingStep(LabNetwork network, OptimizerUpdate descent, TrainingLoss loss, Hyperparameters hyperparameters)
{
    private NetworkSpec Spec => network.Spec;

    /// <param name="step">Counted from 1: decides rate, variation of the images and dropout.</param>
    /// <param name="pixels">(N, H, H) uint8 on the network's device.</param>
    /// <param name="labels">(N) int64 on the network's device.</param>
    /// <param name="look">Told the step when the gradients are there, before the update, which changes them.</param>
    /// <returns>Loss and accuracy of the batch before the update, scalars on the device, in the caller's dispose scope.</returns>
    public (Tensor Loss, Tensor Accuracy) Run(int step, Tensor pixels, Tensor labels, Action<int>? look = null)
    {
        using var scope = NewDisposeScope();
        var images = ImagePreparation.Shrink(pixels, Spec.InputSize);                   // (N, 1, S, S)
        if (Augmentation.IsOn(hyperparameters)) images = ImagePreparation.Augment(images, hyperparameters, step);
        images = ImagePreparation.Standardise(images);
        if (hyperparameters.Precision == Precision.BFloat16) images = images.to(ScalarType.BFloat16);

        network.train();
        descent.ZeroGradients();
        var logits = network.Logits(images, Dropout(step, pixels.device));              // (N, 2)
        var cost = loss.Of(logits, labels);                                             // scalar, nats
        cost.backward();
        look?.Invoke(step);
        descent.Step(step);

        var accuracy = logits.argmax(1).eq(labels).to(ScalarType.Float32).mean();
        return (cost.detach().MoveToOuterDisposeScope(), accuracy.MoveToOuterDisposeScope());
    }

    private Tensor? Dropout(int step, Device device) => Spec.Dropout > 0
        ? DropoutMask.Draw(hyperparameters.Seed, step, hyperparameters.BatchSize, Spec.MapChannels, Spec.Dropout, device)
        : null;
}
