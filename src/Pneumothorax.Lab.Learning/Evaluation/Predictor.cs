using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Evaluation;

/// <summary>Asks a run's network about one picture from anywhere.</summary>
public static class Predictor
{
    /// <param name="pixels">width x height grey values, row by row.</param>
    /// <returns>256 x 256 of them, resampled as those of data sets are.</returns>
    public static byte[] Fit(byte[] pixels, int width, int height)
    {
        const int side = DatasetManifest.Side;
        return (width, height) == (side, side) ? pixels : ImageCodec.Resample(pixels, width, height, side, side);
    }

    /// <param name="pixels">From <see cref="Fit"/>.</param>
    /// <param name="checkpoint">Step of the checkpoint; null for the best one.</param>
    /// <exception cref="InvalidDataException">No such checkpoint, or it is damaged, or the run's statistics are.</exception>
    public static ImageAnswer Predict(RunFolder folder, byte[] pixels, int? checkpoint)
    {
        const int side = DatasetManifest.Side;
        var spec = folder.ReadSpec();
        var store = new CheckpointStore(folder);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new LabNetwork(spec.ResolveNetwork(), spec.Hyperparameters.Seed);
        var state = store.LoadWeights(checkpoint ?? folder.BestCheckpointStep(), network);

        var image = ImagePreparation.Standardise(tensor(pixels, [1, side, side]), network.Spec.InputSize);
        var (maps, means) = network.FeatureMapsAndMeans(image);
        var logits = Values(network.Classify(maps));
        var (no, yes) = Softmax.Probabilities(logits[0], logits[1]);
        return new()
        {
            CheckpointStep = state.Step,
            Logits = logits,
            Probabilities = [no, yes],
            MapSize = network.Spec.MapSize,
            Cam = Values(network.WeighMaps(maps)),
            Bias = Values(network.ClassifierBias),
            Strangeness = FeatureStatistics.Judge(folder, state.Step, means),
        };
    }

    private static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().contiguous().data<float>().ToArray();
    }
}
