using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class TrainerTests(PhantomSet phantoms)
{
    private static readonly Hyperparameters s_short = new() { BatchSize = 5, LearningRate = 0.02, Steps = 24, ValidationEvery = 5, CheckpointEvery = 4 };

    [Fact]
    public void Train_EveryStep_WritesItsPointsInOrderAndReportsTheSame()
    {
        var events = new List<TrainingEvent>();
        var folder = phantoms.NewFolder();

        Assert.Equal(24, Train(phantoms.Job(folder, s_short, events.Add)));

        var points = folder.ReadMetrics().ToList();
        Assert.Equal(Enumerable.Range(1, 24), points.Where(point => point.Series == SeriesNames.TrainLoss).Select(point => point.Step));
        Assert.Equal(Enumerable.Range(1, 24), points.Where(point => point.Series == SeriesNames.TrainAccuracy).Select(point => point.Step));
        Assert.Equal([5, 10, 15, 20, 24], points.Where(point => point.Series == SeriesNames.ValidationLoss).Select(point => point.Step));
        Assert.Equal([5, 10, 15, 20, 24], points.Where(point => point.Series == SeriesNames.ValidationAuroc).Select(point => point.Step));
        Assert.Equal(points.OrderBy(point => point.Step), points);
        Assert.Equal(points, events.OfType<MetricsReported>().SelectMany(reported => reported.Points));
    }

    [Fact]
    public void Train_FirstStep_IsReportedOnItsOwn()
    {
        var events = new List<TrainingEvent>();

        Train(phantoms.Job(phantoms.NewFolder(), s_short, events.Add));

        Assert.IsType<TrainingStarted>(events[0]);
        Assert.Equal([1, 1], events.OfType<MetricsReported>().First().Points.Select(point => point.Step));
    }

    [Fact]
    public void Train_SameSeedTwice_GivesTheSameFile()
    {
        var (one, two, other) = (phantoms.NewFolder(), phantoms.NewFolder(), phantoms.NewFolder());

        Train(phantoms.Job(one, s_short));
        Train(phantoms.Job(two, s_short));
        Train(phantoms.Job(other, s_short with { Seed = 2 }));

        Assert.Equal(File.ReadAllText(one.MetricsPath), File.ReadAllText(two.MetricsPath));
        Assert.NotEqual(File.ReadAllText(one.MetricsPath), File.ReadAllText(other.MetricsPath));
    }

    [Fact]
    public void Train_StoppedAndResumed_EndsLikeOneNeverStopped()
    {
        var (whole, broken) = (phantoms.NewFolder(), phantoms.NewFolder());
        Train(phantoms.Job(whole, s_short));

        foreach (var stopAt in new[] { 1, 7, 8, 23 })
        {
            Assert.Equal(stopAt, Train(phantoms.Job(broken, s_short, resume: true), stopAt));
            Assert.Equal(stopAt, broken.CheckpointSteps()[^1]);
        }
        Assert.Equal(24, Train(phantoms.Job(broken, s_short, resume: true)));

        Assert.Equal(File.ReadAllText(whole.MetricsPath), File.ReadAllText(broken.MetricsPath));
        Assert.Equal(
            File.ReadAllText(Path.Combine(whole.CheckpointPath(24), "state.json")),
            File.ReadAllText(Path.Combine(broken.CheckpointPath(24), "state.json")));
    }

    [Fact]
    public void Train_NewestCheckpointDamaged_GoesOnFromTheOneBeforeAndSaysSo()
    {
        var (whole, broken) = (phantoms.NewFolder(), phantoms.NewFolder());
        Train(phantoms.Job(whole, s_short));
        Train(phantoms.Job(broken, s_short), stopAt: 13);
        var weights = Path.Combine(broken.CheckpointPath(13), "weights.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^100] ^= 1;
        File.WriteAllBytes(weights, bytes);

        var events = new List<TrainingEvent>();
        Train(phantoms.Job(broken, s_short, events.Add, resume: true));

        Assert.Equal(12, events.OfType<TrainingStarted>().Single().FromStep);
        Assert.Contains(events.OfType<LogWritten>(), log => log.Message.Contains("step 13 cannot be used", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllText(whole.MetricsPath), File.ReadAllText(broken.MetricsPath));
    }

    [Fact]
    public void Train_CheckpointOfAnOlderVersion_IsPassedOverInSoManyWords()
    {
        var folder = phantoms.NewFolder();
        Train(phantoms.Job(folder, s_short), stopAt: 13);
        File.WriteAllText(Path.Combine(folder.CheckpointPath(13), "momentum.safetensors"), "");

        var events = new List<TrainingEvent>();
        Train(phantoms.Job(folder, s_short, events.Add, resume: true));

        Assert.Equal(12, events.OfType<TrainingStarted>().Single().FromStep);
        Assert.Contains(events.OfType<LogWritten>(), log => log.Message.Contains("step 13 cannot be used", StringComparison.Ordinal) && log.Message.Contains("comes from an older version", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_ManyCheckpoints_KeepsTheNewestThreeAndTheBest()
    {
        var events = new List<TrainingEvent>();
        var folder = phantoms.NewFolder();

        Train(phantoms.Job(folder, s_short with { ValidationEvery = 2, CheckpointEvery = 2, Steps = 30 }, events.Add));

        var aurocs = folder.ReadMetrics().Where(point => point.Series == SeriesNames.ValidationAuroc).ToList();
        var best = aurocs.OrderBy(point => point.Value).ThenBy(point => point.Step).Last().Step;
        Assert.Equal(new[] { best, 26, 28, 30 }.Distinct().Order(), folder.CheckpointSteps());
        Assert.Equal(15, events.OfType<CheckpointSaved>().Count());
        Assert.Equal(best, events.OfType<CheckpointSaved>().Last(saved => saved.IsBest).Step);
    }

    [Fact]
    public void Train_LearningRateFarTooHigh_FailsNamingStepAndALowerRate()
    {
        var job = phantoms.Job(phantoms.NewFolder(), new() { LearningRate = 10, Steps = 40, BatchSize = 8, ValidationEvery = 40 });
        var network = PhantomSet.Tiny with { InputSize = 64, Blocks = [new(12, 5), new(16, 5), new(24, 3), new(32, 3)] };

        var failure = Assert.Throws<TrainingFailedException>(() => Train(job with { Network = network }));

        Assert.Matches(
            $@"^The (validation )?loss (became infinite|is no longer a number) at step {failure.Step}\. The usual cause is a learning rate that is too high; this run used 10\. Try 1\.$",
            failure.Message);
    }

    [Theory]
    [InlineData(0.8, "this run used 0.8. Try 0.08.")]
    [InlineData(0.00001, "this run used 0.00001. Try 0.000001.")]
    public void Diverged_AnyRate_SuggestsATenth(double rate, string expected) =>
        Assert.EndsWith(expected, TrainingFailedException.Diverged(double.PositiveInfinity, "loss", 340, new() { LearningRate = rate }).Message);

    [Fact]
    public void Train_CheckpointsCannotBeWritten_FailsNamingTheFolder()
    {
        var folder = phantoms.NewFolder();
        File.WriteAllText(folder.CheckpointsPath, "in the way");

        var failure = Assert.Throws<TrainingFailedException>(() => Train(phantoms.Job(folder, s_short)));

        Assert.Contains(folder.Path, failure.Message);
        Assert.Equal(4, failure.Step);
        Assert.Equal(8, folder.ReadMetrics().Count(point => point.Series.StartsWith("train", StringComparison.Ordinal)));
    }

    [Fact]
    public void Train_StartedOver_ForgetsTheEarlierAttempt()
    {
        var folder = phantoms.NewFolder();
        Train(phantoms.Job(folder, s_short with { Steps = 12 }));

        Train(phantoms.Job(folder, s_short with { Steps = 4 }));

        Assert.Equal([4], folder.CheckpointSteps());
        Assert.Equal(4, folder.ReadMetrics().Max(point => point.Step));
    }

    private static int Train(TrainingContext job, int? stopAt = null) => StoppableTraining.Train(job, stopAt);
}
