using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Evaluation;

/// <summary>What a checkpoint says about every test and validation image, with maps and weights to explain it.</summary>
public static class Evaluator
{
    // Feature maps are large: those of the first images, and of the four that the exercise explains.
    private const int FirstWithFeatures = 24;
    private static readonly int[] s_explained = [29, 30, 37, 45];

    /// <summary>Evaluates on the calling thread; writes nothing.</summary>
    /// <param name="checkpoint">Step of the checkpoint; null for the best one.</param>
    /// <exception cref="InvalidDataException">No such checkpoint, or it is damaged.</exception>
    /// <exception cref="OperationCanceledException">Checked between batches.</exception>
    public static EvaluationFile Evaluate(TrainingContext job, int? checkpoint, CancellationToken cancellationToken)
    {
        TrainingDevice.AllowTF32(false);
        var store = new CheckpointStore(job.Folder);
        using var network = new LabNetwork(job.Network, job.Spec.Hyperparameters.Seed);
        var state = store.LoadWeights(checkpoint ?? job.Folder.BestCheckpointStep(), network);
        network.to(job.Device);

        var test = job.Dataset[SplitName.Test];
        var validation = job.Dataset.Has(SplitName.Validation) ? job.Dataset[SplitName.Validation] : null;
        var progress = job.MeterOfEvaluation();
        job.TimeLeft.Evaluated(0);
        progress.At(0);

        var tested = new SplitPrediction(test.Count, job.Network);
        var features = new FeatureMaps([.. Enumerable.Range(0, test.Count).Where(i => i < FirstWithFeatures || s_explained.Contains(i))], job.Network);
        Predict(test, tested, features, done: 0);
        var validated = new SplitPrediction(validation?.Count ?? 0, job.Network);
        if (validation is not null) Predict(validation, validated, features: null, done: test.Count);

        return new()
        {
            Info = new(
                job.Spec.Name, state.Step, job.Dataset.Manifest.Name, job.Dataset.Manifest.Hash, job.Network.Name, "test",
                $"Pneumothorax.Lab {SoftwareVersions.Lab}"),
            Labels = Labels(test),
            Logits = tested.Logits,
            Probabilities = Probabilities(tested.Logits),
            MapSize = job.Network.MapSize,
            Cam = tested.Cam,
            ClassifierWeight = Values(network.ClassifierWeight),
            ClassifierBias = Values(network.ClassifierBias),
            FeatureIndex = features.Index,
            Features = features.Values,
            ValidationLabels = validation is null ? [] : Labels(validation),
            ValidationLogits = validated.Logits,
            ValidationProbabilities = Probabilities(validated.Logits),
        };

        void Predict(ImageSplit split, SplitPrediction prediction, FeatureMaps? features, int done)
        {
            using var images = new BatchLoader(split, job.Dataset.Manifest.ImageSize, job.Device, job.Pulse);
            using var frozen = no_grad();
            for (var start = 0; start < split.Count; start += Prediction.BatchSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var rows = Enumerable.Range(start, Math.Min(Prediction.BatchSize, split.Count - start)).Select(row => (long)row).ToArray();
                var (pixels, _) = images.Batch(rows);
                var maps = network.FeatureMaps(ImagePreparation.Standardise(pixels, job.Network.InputSize));
                prediction.Take(start, network.Classify(maps), network.WeighMaps(maps));
                features?.Take(start, maps);
                job.TimeLeft.Evaluated(done + start + rows.Length);
                progress.At(done + start + rows.Length, now: start + rows.Length == split.Count);
            }
        }
    }

    private static byte[] Labels(ImageSplit split) => [.. Enumerable.Range(0, split.Count).Select(i => split.HasPneumothorax(i) ? (byte)1 : (byte)0)];

    /// <param name="logits">(N, 2), row by row.</param>
    private static double[] Probabilities(float[] logits)
    {
        var probabilities = new double[logits.Length];
        for (var i = 0; i < logits.Length; i += 2)
            (probabilities[i], probabilities[i + 1]) = Softmax.Probabilities(logits[i], logits[i + 1]);
        return probabilities;
    }

    private static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().contiguous().data<float>().ToArray();
    }

    /// <summary>Logits (N, 2) and class activation maps (N, 2, h, w) of one split, filled batch by batch.</summary>
    private sealed class SplitPrediction(int count, NetworkSpec network)
    {
        public float[] Logits { get; } = new float[count * NetworkSpec.Classes];
        public float[] Cam { get; } = new float[count * NetworkSpec.Classes * network.MapSize * network.MapSize];

        public void Take(int start, Tensor logits, Tensor maps)
        {
            Values(logits).CopyTo(Logits, start * NetworkSpec.Classes);
            Values(maps).CopyTo(Cam, start * NetworkSpec.Classes * network.MapSize * network.MapSize);
        }
    }

    /// <summary>The last feature maps (M, C, h, w) of chosen images.</summary>
    private sealed class FeatureMaps(int[] index, NetworkSpec network)
    {
        private readonly int _length = network.MapChannels * network.MapSize * network.MapSize;

        public int[] Index { get; } = index;
        public float[] Values { get; } = new float[index.Length * network.MapChannels * network.MapSize * network.MapSize];

        public void Take(int start, Tensor maps)
        {
            for (var i = 0; i < Index.Length; i++)
            {
                var place = Index[i] - start;
                if (place < 0 || place >= maps.shape[0]) continue;
                using var one = maps[place];
                Evaluator.Values(one).CopyTo(Values, i * _length);
            }
        }
    }
}
