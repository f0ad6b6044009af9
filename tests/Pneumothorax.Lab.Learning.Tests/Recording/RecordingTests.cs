using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Recording;
using Pneumothorax.Lab.Learning.Tests.Training;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Tests.Recording;

public sealed class RecordingTests(PhantomSet phantoms)
{
    // Recorded are the steps 0, 1, 2 and every second one: 20 has tenths of 2.
    private static readonly Hyperparameters s_short = new()
    {
        BatchSize = 5,
        LearningRate = 0.002,
        Optimizer = Optimizer.Adam,
        Normalization = Normalization.Batch,
        Dropout = 0.3,
        Flip = true,
        Steps = 20,
        ValidationEvery = 5,
        CheckpointEvery = 4,
        InputSize = 64,
        Width = 16,
        Blocks = 2,
        Kernel = 3,
    };

    private static readonly Hyperparameters s_recorded = s_short with { RecordImages = true, RecordDistributions = true };
    private static readonly int[] s_steps = [0, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20];

    [Theory]
    [InlineData(Optimizer.Adam)]
    [InlineData(Optimizer.Nesterov)]        // whose update changes the gradients themselves
    public void Train_WithAndWithoutRecording_LearnsTheSameBits(Optimizer optimizer)
    {
        var (plain, recorded) = (phantoms.NewFolder(), phantoms.NewFolder());

        Train(plain, s_short with { Optimizer = optimizer });
        Train(recorded, s_recorded with { Optimizer = optimizer });

        Assert.Equal(File.ReadAllText(plain.MetricsPath), File.ReadAllText(recorded.MetricsPath));
        foreach (var file in new[] { "weights.safetensors", "optimizer.safetensors" })
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(plain.CheckpointPath(20), file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(recorded.CheckpointPath(20), file))),
                $"{file} differs.");
        }
        Assert.Empty(plain.ReadRecordings());
        Assert.Equal(s_steps, recorded.ReadRecordings().Select(moment => moment.Step));
    }

    [Fact]
    public void Train_ImagesRecorded_KeepsTwoImagesOfEachClassWithMapsThatExplainTheAnswer()
    {
        var folder = phantoms.NewFolder();
        Train(folder, s_short with { RecordImages = true });

        var validation = phantoms.Dataset[SplitName.Validation];
        var moments = folder.ReadRecordings();
        Assert.All(moments, moment =>
        {
            var maps = moment.Maps!;
            Assert.Null(moment.Layers);
            Assert.Equal(("validation", 16), (maps.Split, maps.Side));
            Assert.Equal(4, maps.Images.Select(image => image.Index).Distinct().Count());
            Assert.Equal(2, maps.Images.Count(image => validation.HasPneumothorax(image.Index)));
            Assert.All(maps.Images, image => Assert.Equal(256, image.Map.Length));
            Assert.Equal(MapTarget.Difference, maps.Target);
            Assert.Equal(MapTargets.All, maps.Targets());
        });
        // Biases begin at 0: before the first update the mean of the map is the log-odds by itself.
        Assert.All(moments[0].Maps!.Images, image => Assert.Equal(image.Probability, 1 / (1 + Math.Exp(-image.Map.Average(value => (double)value))), 3));
        Assert.Single(moments.Select(moment => string.Join(' ', moment.Maps!.Images.Select(image => image.Index))).Distinct());

        // Between two images, a higher map means a higher probability only on the whole; between steps, the maps must move.
        Assert.NotEqual(moments[0].Maps!.Images[0].Map, moments[^1].Maps!.Images[0].Map);

        // The maps of the single classes are those of the network in the last checkpoint.
        using var trained = new Learning.Networks.LabNetwork(NetworkSpec.Lite.With(s_short), seed: 1);
        new Learning.Checkpoints.CheckpointStore(folder).LoadWeights(20, trained);
        trained.eval();
        var last = moments[^1].Maps!;
        var image = last.Images[1];
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var pixels = tensor(validation.Pixels(image.Index).ToArray()).reshape(1, phantoms.Dataset.Manifest.ImageSize, phantoms.Dataset.Manifest.ImageSize);
        var maps = trained.WeighMaps(trained.FeatureMaps(Learning.Networks.ImagePreparation.Standardise(pixels, trained.Spec.InputSize)));
        foreach (var target in (MapTarget[])[MapTarget.NoPneumothorax, MapTarget.Pneumothorax])
        {
            var expected = maps.select(1, (int)target).contiguous().data<float>().ToArray();
            Assert.All(expected.Zip(last.MapOf(image, target)), pair => Assert.Equal(pair.First, pair.Second, 1e-3f * Math.Max(1, Math.Abs(pair.First))));
        }
    }

    [Fact]
    public void Train_DistributionsRecorded_AreThoseOfTheWeightsInTheCheckpoint()
    {
        var folder = phantoms.NewFolder();
        Train(folder, s_short with { RecordDistributions = true });

        var moments = folder.ReadRecordings();
        Assert.All(moments[0].Layers!, layer => Assert.Null(layer.Gradients));
        Assert.All(moments.Skip(1).SelectMany(moment => moment.Layers!), layer => Assert.True(layer.Gradients!.Deviation > 0));
        Assert.Equal(["blocks.0.first", "blocks.0.second", "blocks.1.first", "blocks.1.second", "classifier"], moments[0].Layers!.Select(layer => layer.Name));

        // At step 0 the weights are even between two bounds: every bin is as wide as the next.
        var first = moments[0].Layers![1].Weights;
        var limit = Math.Sqrt(6.0 / (9 * 32));
        Assert.Equal((16 * 16 * 9, 31), ((int)first.Count, first.Edges.Length));
        Assert.InRange(first.Edges[0], -limit, -0.98 * limit);
        Assert.InRange(first.ValueAt(0.25), -0.6 * limit, -0.4 * limit);
        Assert.Equal(limit / Math.Sqrt(3), first.Deviation, 0.02 * limit);

        var network = NetworkSpec.Lite.With(s_short);
        using var trained = new Learning.Networks.LabNetwork(network, seed: 1);
        new Learning.Checkpoints.CheckpointStore(folder).LoadWeights(20, trained);
        var weights = trained.ClassifierWeight.detach().data<float>().ToArray();
        var last = moments[^1].Layers![^1].Weights;
        Assert.Equal(weights.Min(), last.Edges[0], 1e-4f);
        Assert.Equal(weights.Max(), last.Edges[^1], 1e-4f);
        Assert.Equal(weights.Average(), last.Mean, 1e-4);
    }

    [Fact]
    public void Train_StoppedTwiceAndResumed_RecordsEveryStepOnceAndTheSame()
    {
        var (whole, broken) = (phantoms.NewFolder(), phantoms.NewFolder());
        Train(whole, s_recorded);

        Train(broken, s_recorded, stopAt: 3);
        Train(broken, s_recorded, stopAt: 11);
        // As a killed process leaves it: half a line, after a moment that no checkpoint covers, and half a record.
        File.AppendAllText(broken.RecordingsPath, whole.ReadRecordings()[^2].Line() + "{\"step\":20,\"maps\":{\"spl");
        using (var events = new FileStream(Directory.EnumerateFiles(broken.TensorBoardPath).Order(StringComparer.Ordinal).Last(), FileMode.Append)) events.Write([30, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
        Assert.Equal(18, broken.ReadRecordings()[^1].Step);

        Train(broken, s_recorded);

        Assert.Equal(File.ReadAllText(whole.RecordingsPath), File.ReadAllText(broken.RecordingsPath));
        Assert.Equal(3, Directory.EnumerateFiles(broken.TensorBoardPath).Count());
        EventReader.SkipIfAbsent();
        Assert.Equal(
            EventReader.Read(whole.TensorBoardPath).Select(value => (value.Step, value.Tag, value.Scalar)),
            EventReader.Read(broken.TensorBoardPath).Select(value => (value.Step, value.Tag, value.Scalar)));
    }

    [Fact]
    public void EventFiles_ReadByOthers_HoldEveryPointPictureAndHistogram()
    {
        EventReader.SkipIfAbsent();
        var folder = phantoms.NewFolder();
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Train(folder, s_recorded);

        var values = EventReader.Read(folder.TensorBoardPath);

        Assert.Equal(
            folder.ReadMetrics().Select(point => (point.Step, point.Series, (double)(float)point.Value)),
            values.Where(value => value.Scalar is not null).Select(value => (value.Step, value.Tag, value.Scalar!.Value)));
        Assert.All(values, value => Assert.InRange(value.Time, before, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1));

        var pictures = values.Where(value => value.Image is not null).ToList();
        Assert.Equal(4 * s_steps.Length, pictures.Count);
        Assert.Equal(4, pictures.Select(value => value.Tag).Distinct().Count());
        Assert.All(pictures, value => Assert.Equal("256,256,3,89504e470d0a1a0a", string.Join(',', value.Image!.Select(item => item.ToString()))));

        var histograms = values.Where(value => value.Histogram is not null).ToList();
        Assert.Equal(5 * s_steps.Length, histograms.Count(value => value.Tag.StartsWith("weights/", StringComparison.Ordinal)));
        Assert.Equal(5 * (s_steps.Length - 1), histograms.Count(value => value.Tag.StartsWith("gradients/", StringComparison.Ordinal)));
        var last = histograms.Last(value => value.Tag == "weights/classifier");
        var kept = folder.ReadRecordings()[^1].Layers![^1].Weights;
        Assert.Equal((kept.Count, kept.Edges[0], kept.Edges[^1]), ((long)last.Histogram![0], (float)last.Histogram[2], (float)last.Histogram[3]));
        Assert.Equal(kept.Count, last.Histogram[1], 1e-6);
        Assert.Equal(kept.Mean * kept.Count, last.Histogram[4], 1e-6);
    }

    [Fact]
    public void EventFiles_OfAMillionSteps_WouldStayWellUnderAHundredMegabytes()
    {
        var folder = phantoms.NewFolder();
        using (var events = new EventFile(folder.TensorBoardPath, fromStep: 0, TimeProvider.System))
        {
            for (var step = 900_000; step < 901_000; step++)
                events.Write([new(step, SeriesNames.TrainLoss, 0.6931), new(step, SeriesNames.TrainAccuracy, 0.5)]);
        }

        var bytes = new FileInfo(Assert.Single(Directory.EnumerateFiles(folder.TensorBoardPath))).Length;

        Assert.InRange(bytes / 1000, 40, 90);       // a step
    }

    [Fact]
    public void Train_StartedOver_ForgetsWhatWasRecorded()
    {
        var folder = phantoms.NewFolder();
        Train(folder, s_recorded);

        Train(folder, s_short with { Steps = 3 }, resume: false);

        Assert.False(File.Exists(folder.RecordingsPath));
        Assert.Single(Directory.EnumerateFiles(folder.TensorBoardPath));
    }

    [Theory]
    [InlineData("0101010101", 4)]
    [InlineData("0000000001", 4)]
    [InlineData("1111111111", 4)]
    [InlineData("01", 2)]
    public void Choose_AnySplit_TakesBothClassesWhereItCan(string labels, int expected)
    {
        var positive = labels.Select(label => label == '1').ToArray();

        var rows = WatchedImages.Choose(positive);

        Assert.Equal(expected, rows.Distinct().Count());
        Assert.Equal(Math.Min(2, positive.Count(has => has)), Math.Min(2, rows.Count(row => positive[row])));
    }

    private int Train(RunFolder folder, Hyperparameters hyperparameters, int? stopAt = null, bool resume = true)
    {
        Assert.Empty(hyperparameters.Problems());
        var job = phantoms.Job(folder, hyperparameters, resume: resume) with { Network = NetworkSpec.Lite.With(hyperparameters) };
        return StoppableTraining.Train(job, stopAt);
    }
}
