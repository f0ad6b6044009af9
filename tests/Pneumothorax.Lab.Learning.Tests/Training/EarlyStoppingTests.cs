using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class EarlyStoppingTests(PhantomSet phantoms)
{
    private const int Patience = 3;

    private static readonly Hyperparameters s_patient = new()
    {
        BatchSize = 5,
        LearningRate = 0.02,
        Steps = 300,
        ValidationEvery = 2,
        CheckpointEvery = 300,
        EarlyStopping = Patience,
    };

    [Theory]
    [InlineData(1, new[] { 0.5, 0.6, 0.7, 0.6 }, 4)]
    [InlineData(1, new[] { 0.5, 0.5 }, 2)]                              // as high is not higher
    [InlineData(2, new[] { 0.5, 0.4, 0.6, 0.55, 0.6 }, 5)]              // a higher one counts from 0 again
    [InlineData(3, new[] { 0.7, 0.4, 0.5, 0.6 }, 4)]                    // higher than the one before is not higher than the highest
    [InlineData(3, new[] { 0.7, 0.4, 0.5 }, null)]
    [InlineData(0, new[] { 0.5, 0.5, 0.5, 0.5, 0.5, 0.5 }, null)]       // never
    public void IsOver_AfterFigures_FromTheRightOneOn(int patience, double[] aurocs, int? expected)
    {
        var stopping = new EarlyStopping(patience);

        Assert.Equal(expected, FirstOver(stopping, aurocs));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void TakeAll_RecordedPoints_CountsOnAsIfNeverInterrupted(int recorded)
    {
        double[] aurocs = [0.5, 0.4, 0.6, 0.55, 0.6, 0.7];
        var stopping = new EarlyStopping(patience: 2);

        // The losses beside them rise without end and must not count.
        stopping.TakeAll(aurocs.Take(recorded).SelectMany((auroc, i) => new MetricPoint[]
        {
            new(i + 1, SeriesNames.ValidationLoss, 1 + i), new(i + 1, SeriesNames.ValidationAuroc, auroc),
        }));

        Assert.False(stopping.IsOver);
        Assert.Equal(5 - recorded, FirstOver(stopping, [.. aurocs.Skip(recorded)]));
    }

    [Fact]
    public void Train_AurocRisesNoMore_EndsAtThatFigureWithACheckpoint()
    {
        var events = new List<TrainingEvent>();
        var folder = phantoms.NewFolder();

        var end = Train(folder, events.Add);

        var figures = folder.ReadMetrics().Where(point => point.Series == SeriesNames.ValidationAuroc).ToList();
        var ends = figures.Where((_, i) => HasNotRisen([.. figures.Take(i + 1).Select(figure => figure.Value)])).ToList();
        Assert.Equal(end, Assert.Single(ends).Step);
        Assert.Equal(end, folder.ReadMetrics().Max(point => point.Step));
        Assert.Equal([end], folder.CheckpointSteps());
        Assert.Contains(events.OfType<LogWritten>(), log => log.Message.Contains($"ends early, at step {end}: the validation AUROC has not risen for 3 validations", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_StoppedAndResumed_EndsEarlyAtTheSameStep()
    {
        var (whole, broken) = (phantoms.NewFolder(), phantoms.NewFolder());
        var end = Train(whole);
        Assert.InRange(end, 2 * Patience + 2, s_patient.Steps - 1);

        // Between two figures, at the last but one of those that do not rise, and just before the end.
        foreach (var stopAt in new[] { 3, end - 2, end - 1 }) Assert.Equal(stopAt, Train(broken, stopAt: stopAt));
        Assert.Equal(end, Train(broken));

        Assert.Equal(File.ReadAllLines(whole.MetricsPath), File.ReadAllLines(broken.MetricsPath));
        foreach (var file in new[] { "weights.safetensors", "optimizer.safetensors", "state.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole.CheckpointPath(end), file)), File.ReadAllBytes(Path.Combine(broken.CheckpointPath(end), file)));
    }

    [Fact]
    public void Train_EndedEarlyAndResumed_TakesNoFurtherStep()
    {
        var folder = phantoms.NewFolder();
        var end = Train(folder);
        var metrics = File.ReadAllText(folder.MetricsPath);
        var events = new List<TrainingEvent>();

        Assert.Equal(end, Train(folder, events.Add));

        Assert.Empty(events.OfType<MetricsReported>());
        Assert.Equal(metrics, File.ReadAllText(folder.MetricsPath));
    }

    private int Train(RunFolder folder, Action<TrainingEvent>? report = null, int? stopAt = null) =>
        StoppableTraining.Train(phantoms.Job(folder, s_patient, report, resume: true), stopAt);

    /// <summary>The rule in words: none of the last figures is higher than the highest before them.</summary>
    private static bool HasNotRisen(double[] aurocs) => aurocs.Length > Patience && aurocs[^Patience..].Max() <= aurocs[..^Patience].Max();

    /// <returns>Which figure, counted from 1, ends the run; null where none does.</returns>
    private static int? FirstOver(EarlyStopping stopping, double[] aurocs)
    {
        for (var i = 0; i < aurocs.Length; i++)
        {
            stopping.Take(aurocs[i]);
            if (stopping.IsOver) return i + 1;
        }
        return null;
    }
}
