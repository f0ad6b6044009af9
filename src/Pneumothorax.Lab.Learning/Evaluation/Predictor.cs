using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Evaluation;

/// <summary>Asks a run's network about one picture from anywhere.</summary>
public static class Predictor
{
    /// <param name="pixels">width x height grey values, row by row.</param>
    /// <returns>256 x 256 of them, made square and resampled as those of data sets are.</returns>
    public static byte[] Fit(byte[] pixels, int width, int height)
    {
        var image = new byte[DatasetManifest.Side * DatasetManifest.Side];
        new SquareFrame(width, height).ToImage(pixels, image);
        return image;
    }

    /// <param name="pixels">From <see cref="Fit"/>.</param>
    /// <param name="checkpoint">Step of the checkpoint; null for the best one.</param>
    /// <exception cref="InvalidDataException">No such checkpoint, or it is damaged, or the run's statistics are.</exception>
    public static ImageAnswer Predict(RunFolder folder, byte[] pixels, int? checkpoint)
    {
        var spec = folder.ReadSpec();
        var store = new CheckpointStore(folder);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new LabNetwork(spec.ResolveNetwork(), spec.Hyperparameters.Seed);
        var state = store.LoadWeights(checkpoint ?? folder.BestCheckpointStep(), network);

        var (answer, means) = Ask(network, pixels);
        return answer with { CheckpointStep = state.Step, OutOfDistributionScore = FeatureStatistics.Judge(folder, network.Spec, state.Step, means) };
    }

    /// <summary>
    /// A network of random weights is asked about a black picture: what a first answer loads and compiles takes over a second, which can pass
    /// before anybody waits for it.
    /// </summary>
    public static ImageAnswer Rehearse()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new LabNetwork(NetworkSpec.Lite, seed: 1);
        return Ask(network, new byte[DatasetManifest.Side * DatasetManifest.Side]).Answer;
    }

    /// <returns>What the network says, of no checkpoint yet, and its averaged feature maps, (1, C).</returns>
    private static (ImageAnswer Answer, Tensor Means) Ask(LabNetwork network, byte[] pixels)
    {
        const int side = DatasetManifest.Side;
        var image = ImagePreparation.Standardise(tensor(pixels, [1, side, side]), network.Spec.InputSize);
        var (maps, means) = network.FeatureMapsAndMeans(image);
        var logits = Values(network.Classify(maps));
        var (no, yes) = Softmax.Probabilities(logits[0], logits[1]);
        var answer = new ImageAnswer
        {
            CheckpointStep = 0,
            Logits = logits,
            Probabilities = [no, yes],
            MapSize = network.Spec.MapSize,
            Cam = Values(network.WeighMaps(maps)),
            Bias = Values(network.ClassifierBias),
        };
        return (answer, means);
    }

    private static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().contiguous().data<float>().ToArray();
    }
}
