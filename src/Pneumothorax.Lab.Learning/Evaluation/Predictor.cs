using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Evaluation;

/// <param name="No">Probability of no pneumothorax, 0..1, not calibrated.</param>
/// <param name="Yes">Probability of pneumothorax; both add up to 1.</param>
/// <param name="CheckpointStep">The checkpoint that was asked.</param>
public sealed record ImagePrediction(double No, double Yes, int CheckpointStep);

/// <summary>Asks a run's network about one picture from anywhere.</summary>
public static class Predictor
{
    /// <param name="pixels">width x height grey values, row by row. Another size than 256 x 256 is resampled to it first, as data sets are.</param>
    /// <param name="checkpoint">Step of the checkpoint; null for the best one.</param>
    /// <exception cref="InvalidDataException">No such checkpoint, or it is damaged.</exception>
    public static ImagePrediction Predict(RunFolder folder, byte[] pixels, int width, int height, int? checkpoint)
    {
        const int side = DatasetManifest.Side;
        if ((width, height) != (side, side)) pixels = ImageCodec.Resample(pixels, width, height, side, side);

        var spec = folder.ReadSpec();
        var store = new CheckpointStore(folder);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new LabNetwork(spec.ResolveNetwork(), spec.Hyperparameters.Seed);
        var state = store.LoadWeights(checkpoint ?? folder.BestCheckpointStep(), network);

        var image = ImagePreparation.Standardise(tensor(pixels, [1, side, side]), network.Spec.InputSize);
        var logits = network.call(image).data<float>();
        var (no, yes) = Softmax.Probabilities(logits[0], logits[1]);
        return new(no, yes, state.Step);
    }
}
