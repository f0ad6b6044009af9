using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Learning.Tests.Training;

/// <summary>A run that was interrupted ends with the same bits as one that was not, whatever it was set to.</summary>
public sealed class ResumeTests(PhantomSet phantoms)
{
    // The stops, at steps 3 and 10, are at no checkpoint that the run makes anyway, and the second is in another epoch.
    private static readonly Hyperparameters s_short = new()
    {
        BatchSize = 5,
        LearningRate = 0.01,
        Steps = 13,
        ValidationEvery = 5,
        CheckpointEvery = 4,
        InputSize = 64,
        Width = 16,
        Blocks = 2,
        Kernel = 3,
    };

    public static TheoryData<string, Hyperparameters> Settings => new()
    {
        {
            "Adam, batch norm, cosine after a warm-up that the first stop cuts in two",
            s_short with { Optimizer = Optimizer.Adam, LearningRate = 0.002, Normalization = Normalization.Batch, Schedule = Schedule.Cosine, WarmUpSteps = 5 }
        },
        { "AdamW, weight decay, dropout", s_short with { Optimizer = Optimizer.AdamW, LearningRate = 0.002, WeightDecay = 0.1, Dropout = 0.4 } },
        {
            "gradient descent, group norm, label smoothing, rate in steps",
            s_short with { Optimizer = Optimizer.Sgd, Normalization = Normalization.Group, LabelSmoothing = 0.1, Schedule = Schedule.Step, StepEvery = 3, StepFactor = 0.5 }
        },
        {
            "momentum, every augmentation, balanced classes",
            s_short with
            {
                Optimizer = Optimizer.Momentum, ClassWeighting = ClassWeighting.Balanced,
                Flip = true, Rotate = true, Shift = true, Scale = true, Exposure = true,
            }
        },
        { "Nesterov, order of the file, weight decay, no skip connections", s_short with { Shuffle = false, WeightDecay = 0.01, Skip = Skip.None } },
    };

    [Theory]
    [MemberData(nameof(Settings), DisableDiscoveryEnumeration = true)]
    public void Train_StoppedTwiceAndResumed_EndsWithTheSameBits(string what, Hyperparameters hyperparameters)
    {
        Assert.Empty(hyperparameters.Problems());
        var (whole, broken) = (phantoms.NewFolder(), phantoms.NewFolder());
        Train(whole, hyperparameters);

        Assert.Equal(3, Train(broken, hyperparameters, stopAt: 3));
        Assert.Equal(10, Train(broken, hyperparameters, stopAt: 10));
        Assert.Equal(13, Train(broken, hyperparameters));

        AssertSame(whole, broken, what);
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("state.json")]
    public void Train_NewestCheckpointCutShort_GoesOnFromTheOneBeforeAndSaysSo(string file)
    {
        var hyperparameters = s_short with { Optimizer = Optimizer.Adam, LearningRate = 0.002, Normalization = Normalization.Batch };
        var (whole, broken) = (phantoms.NewFolder(), phantoms.NewFolder());
        Train(whole, hyperparameters);
        Train(broken, hyperparameters, stopAt: 10);
        CutShort(broken, 10, file);

        var events = new List<TrainingEvent>();
        Train(broken, hyperparameters, report: events.Add);

        Assert.Equal(8, events.OfType<TrainingStarted>().Single().FromStep);
        var log = Assert.Single(events.OfType<LogWritten>(), log => log.Message.Contains("step 10 cannot be used", StringComparison.Ordinal));
        Assert.Contains(file, log.Message);
        AssertSame(whole, broken, file);
    }

    [Fact]
    public void Train_EveryCheckpointCutShort_StartsFromTheBeginningAndSaysSo()
    {
        // Weights and running means of the damaged checkpoints are read before their optimizer turns out to be unusable.
        var hyperparameters = s_short with { Optimizer = Optimizer.Adam, LearningRate = 0.002, Normalization = Normalization.Batch };
        var (whole, broken) = (phantoms.NewFolder(), phantoms.NewFolder());
        Train(whole, hyperparameters);
        Train(broken, hyperparameters, stopAt: 10);
        foreach (var step in broken.CheckpointSteps()) CutShort(broken, step, "optimizer.safetensors");

        var events = new List<TrainingEvent>();
        Train(broken, hyperparameters, report: events.Add);

        Assert.Equal(0, events.OfType<TrainingStarted>().Single().FromStep);
        Assert.Contains(events.OfType<LogWritten>(), log => log.Message.Contains("starts from the beginning", StringComparison.Ordinal));
        AssertSame(whole, broken, "from the beginning");
    }

    /// <summary>By a trainer of its own, which goes on from what the folder holds.</summary>
    private int Train(RunFolder folder, Hyperparameters hyperparameters, int? stopAt = null, Action<TrainingEvent>? report = null)
    {
        var job = phantoms.Job(folder, hyperparameters, report, resume: true) with { Network = NetworkSpec.Lite.With(hyperparameters) };
        return StoppableTraining.Train(job, stopAt);
    }

    private static void AssertSame(RunFolder whole, RunFolder broken, string what)
    {
        Assert.Equal(File.ReadAllLines(whole.MetricsPath), File.ReadAllLines(broken.MetricsPath));
        foreach (var file in new[] { "weights.safetensors", "optimizer.safetensors", "state.json" })
        {
            var (expected, found) = (File.ReadAllBytes(Path.Combine(whole.CheckpointPath(13), file)), File.ReadAllBytes(Path.Combine(broken.CheckpointPath(13), file)));
            Assert.True(expected.AsSpan().SequenceEqual(found), $"{what}: {file} differs.");
        }
    }

    private static void CutShort(RunFolder folder, int step, string file)
    {
        using var stream = new FileStream(Path.Combine(folder.CheckpointPath(step), file), FileMode.Open, FileAccess.ReadWrite);
        stream.SetLength(stream.Length / 2);
    }
}
