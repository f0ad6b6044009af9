using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Weights;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Native;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Evaluation;

/// <summary>
/// Which combinations of features are usual for a run's network: mean and covariance of the averaged feature maps of all blocks over the
/// training images. How far an image is from them tells one that is of another kind, such as a photograph.
/// </summary>
/// <remarks>
/// Mahalanobis distance, with the covariance drawn a little towards its diagonal (Lee et al., NeurIPS 2018, use it on the last layer, class by class).
/// All blocks, since the last one alone was trained to overlook what does not matter for the disease: it doubts fewer turned images. Upper and
/// lower half of the first block's maps apart, since a mean knows nothing of up and down.
/// </remarks>
public static class FeatureStatistics
{
    /// <summary>More images make the figures hardly steadier, and the end of a run longer.</summary>
    private const int MostImages = RunWork.FeatureSample;

    /// <summary>With fewer, a limit that one in a hundred crosses cannot be told.</summary>
    private const int LeastValidation = 10;

    /// <summary>Towards the covariance's own diagonal: else combinations that no training image happened to show would count without end.</summary>
    private const double Shrinkage = 0.02;

    private const string Mean = "mean", Whitening = "whitening", Validation = "validation", Step = "step";

    /// <summary>Measures and writes <c>features.safetensors</c>; without enough validation images there is none afterwards.</summary>
    /// <param name="step">Of the checkpoint that was evaluated.</param>
    /// <exception cref="OperationCanceledException">Checked between batches.</exception>
    public static void Write(TrainingContext job, int step, CancellationToken cancellationToken)
    {
        var (train, validation) = (job.Dataset[SplitName.Train], job.Dataset.Has(SplitName.Validation) ? job.Dataset[SplitName.Validation] : null);
        if (validation is null || validation.Count < LeastValidation || train.TrainingRows.Count < 2)
        {
            File.Delete(job.Folder.FeaturesPath);
            return;
        }
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new LabNetwork(job.Network, job.Spec.Hyperparameters.Seed);
        new CheckpointStore(job.Folder).LoadWeights(step, network);
        network.to(job.Device);

        var progress = job.MeterOfEvaluation();
        var done = RunWork.EvaluatedImages(job.Images) - RunWork.FeatureImages(job.Images);
        job.TimeLeft.Evaluated(done);
        progress.At(done);
        var learned = MeansOf(network, train, train.TrainingRows, job, Count, cancellationToken).to(ScalarType.Float64);           // (N, C)
        var mean = learned.mean([0]);
        var centred = learned - mean;
        // Why every number has a variable: Native.ScalarPool.
        using Scalar freedom = (double)(learned.shape[0] - 1), kept = 1 - Shrinkage, shrunk = Shrinkage;
        var covariance = centred.t().matmul(centred).div(freedom);                                                              // (C, C)
        var variance = covariance.diagonal();
        // A feature map that is always empty has no variance at all.
        using Scalar floor = 1e-6 * variance.mean().item<double>() + 1e-12;
        covariance = covariance.mul(kept).add(diag(variance.mul(shrunk).add(floor, ScalarPool.One)), ScalarPool.One);
        var whitening = linalg.inv(linalg.cholesky(covariance)).to(ScalarType.Float32);
        var centre = mean.to(ScalarType.Float32);
        var seen = MeansOf(network, validation, [.. Enumerable.Range(0, validation.Count)], job, Count, cancellationToken);
        var distances = DistancesOf(seen, centre, whitening).Order().Select(distance => (float)distance).ToArray();

        var statistics = new Dictionary<string, Tensor>
        {
            [Mean] = centre,
            [Whitening] = whitening,
            [Validation] = tensor(distances),
            [Step] = tensor(new[] { (float)step }),
        };
        AtomicFile.Write(job.Folder.FeaturesPath, temporary => SafeTensors.Write(temporary, statistics));

        void Count(int images)
        {
            job.TimeLeft.Evaluated(done += images);
            progress.At(done);
        }
    }

    /// <param name="spec">Of the network that they are from.</param>
    /// <param name="means">(1, C), from <see cref="LabNetwork.FeatureMapsAndMeans"/>.</param>
    /// <param name="step">Of the checkpoint that they are from.</param>
    /// <returns>Null where the run has no statistics of this checkpoint.</returns>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    internal static OutOfDistributionScore? Judge(RunFolder folder, NetworkSpec spec, int step, Tensor means)
    {
        if (!File.Exists(folder.FeaturesPath)) return null;

        using var file = WeightsFile.Open(folder.FeaturesPath, WeightsFormat.SafeTensors);
        // An older file knows the channels' means alone, without the first block's halves, which stand last.
        var features = file.Entries.TryGetValue(Mean, out var entry) && entry.Shape.SequenceEqual([spec.Blocks.Sum(block => block.Channels)]) ? entry.Shape[0] : means.shape[1];
        if (((string[])[Mean, Whitening, Validation, Step]).Any(name => !file.Entries.ContainsKey(name))
            || !file.Entries[Mean].Shape.SequenceEqual([features]) || !file.Entries[Whitening].Shape.SequenceEqual([features, features]))
        {
            throw new InvalidDataException($"{folder.FeaturesPath} does not contain the statistics of this run's network. Evaluate the run again: lab evaluate --run {folder.Path}");
        }
        if (file.Read(Step) is not [var of] || of != step || file.Read(Validation) is not { Length: > 0 } validation) return null;

        using var scope = NewDisposeScope();
        var distance = DistancesOf(means.narrow(1, 0, features), tensor(file.Read(Mean)), tensor(file.Read(Whitening), [features, features]))[0];
        return new(distance, [.. validation.Select(value => Math.Round(value, 3))], (int)features);
    }

    /// <returns>(images, all blocks' channels) float32 on the CPU, of at most <see cref="MostImages"/> images that lie evenly in the split.</returns>
    private static Tensor MeansOf(LabNetwork network, ImageSplit split, IReadOnlyList<int> rows, TrainingContext job, Action<int> passed, CancellationToken cancellationToken)
    {
        var count = Math.Min(rows.Count, MostImages);
        var chosen = Enumerable.Range(0, count).Select(i => (long)rows[(int)((long)i * rows.Count / count)]);
        using var images = new BatchLoader(split, job.Dataset.Manifest.ImageSize, job.Device, job.Pulse);
        List<Tensor> all = [];
        foreach (var batch in chosen.Chunk(Prediction.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (pixels, _) = images.Batch(batch);
            all.Add(network.FeatureMapsAndMeans(ImagePreparation.Standardise(pixels, job.Network.InputSize)).Means.cpu().MoveToOuterDisposeScope());
            passed(batch.Length);
        }
        return cat(all, dim: 0);
    }

    private static double[] DistancesOf(Tensor means, Tensor centre, Tensor whitening)
    {
        using var scope = NewDisposeScope();
        var white = (means.to(ScalarType.Float64) - centre.to(ScalarType.Float64)).matmul(whitening.to(ScalarType.Float64).t());     // (N, C)
        return (white * white).sum(dim: 1).sqrt().data<double>().ToArray();
    }
}
