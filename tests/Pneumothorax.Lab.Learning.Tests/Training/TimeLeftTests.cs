using System.Text.Json;
using System.Text.Json.Serialization;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

/// <summary>
/// The time left of real runs, told again from their recorded times (run-times.json): CPU trainings of many settings on a machine of two processors
/// on which builds, browsers and other trainings went on. The estimate before this one, which took every part of a run for the same work, was off by
/// 20 % in the median, 84 % in nine of ten cases and 580 % at worst, and jumped by up to 126 %.
/// </summary>
public sealed class TimeLeftTests
{
    private static readonly double[] s_looks = [0.1, 0.25, 0.5, 0.75];

    private static readonly List<RecordedRun> s_runs =
        JsonSerializer.Deserialize<List<RecordedRun>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Training", "run-times.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public void Told_AtATenthToThreeQuartersOfARun_IsOffByLittle()
    {
        var errors = s_runs.SelectMany(ErrorsOf).Order().ToList();

        Assert.True(s_runs.Count >= 20, $"{s_runs.Count} runs say little.");
        Assert.True(errors.Count >= 0.8 * s_runs.Count * s_looks.Length, $"Told in only {errors.Count} of {s_runs.Count * s_looks.Length} looks.");
        Assert.InRange(Quantile(errors, 0.5), 0, 0.15);
        Assert.InRange(Quantile(errors, 0.9), 0, 0.4);
        Assert.InRange(errors[^1], 0, 1.5);
    }

    [Fact]
    public void Told_FromOneReportToTheNext_DoesNotJump() => Assert.All(s_runs, run =>
    {
        var told = Tell(run);
        foreach (var (before, after) in told.Zip(told.Skip(1)))
        {
            // Of the last seconds a page says "a moment".
            var expected = Math.Max(0, before.Left - (after.At - before.At));
            Assert.True(Math.Abs(after.Left - expected) <= 0.25 * Math.Max(5, expected), $"{run.Network}, {run.Steps} steps: {expected:0} s became {after.Left:0} s after {after.At:0} s.");
        }
    });

    [Fact]
    public void FirstSteps_InWhichLibrariesChooseTheirAlgorithms_TellNothing()
    {
        var clock = new SetClock();
        var left = new TimeLeft(NetworkSpec.Lite, new() { Steps = 100, BatchSize = 10, ValidationEvery = 1000, CheckpointEvery = 1000 }, default, clock);
        left.Start(0);
        foreach (var (step, seconds) in ((int, double)[])[(1, 30), (2, 5), (3, 1)])
        {
            clock.Pass(seconds);
            left.Stepped(step);
            Assert.Null(left.Seconds());
        }
        clock.Pass(1);
        left.Stepped(4);

        Assert.Equal(96, left.Seconds()!.Value, 1e-6);
    }

    [Fact]
    public void ResumedRun_CountsWhatIsLeftOfIt()
    {
        var clock = new SetClock();
        var left = new TimeLeft(NetworkSpec.Lite, new() { Steps = 100, BatchSize = 10, ValidationEvery = 1000, CheckpointEvery = 1000 }, default, clock);
        left.Start(80);
        for (var step = 81; step <= 90; step++)
        {
            clock.Pass(2);
            left.Stepped(step);
        }

        Assert.Equal(20, left.Seconds()!.Value, 1e-6);
    }

    /// <returns>|told - true| / true, at each look by which something was told.</returns>
    private static IEnumerable<double> ErrorsOf(RecordedRun run)
    {
        var told = Tell(run);
        foreach (var look in s_looks)
        {
            var (at, truth) = (look * run.Seconds, (1 - look) * run.Seconds);
            if (told.LastOrDefault(report => report.At <= at) is not { Left: > 0 } last) continue;
            yield return Math.Abs(last.Left - (at - last.At) - truth) / truth;
        }
    }

    /// <returns>What the run's reports would have said, and when, in seconds from its start.</returns>
    private static List<Report> Tell(RecordedRun run)
    {
        var clock = new SetClock();
        var hyperparameters = new Hyperparameters
        {
            Steps = run.Steps,
            BatchSize = run.BatchSize,
            ValidationEvery = run.ValidationEvery,
            CheckpointEvery = run.CheckpointEvery,
            Width = run.Width,
            InputSize = run.InputSize,
        };
        var network = NetworkSpec.Find(run.Network).With(hyperparameters);
        var images = new SplitSizes(run.Images[0], run.Images[1], run.Images[2]);
        var left = new TimeLeft(network, hyperparameters, images, clock);
        List<Report> told = [];
        var meter = NewMeter("Training", run.Steps);
        left.Start(0);
        meter.At(0);
        for (var i = 0; i < run.Kinds.Length; i++)
        {
            var (kind, done) = (run.Kinds[i], run.Done[i]);
            clock.Pass(run.Milliseconds[i] / 1000.0);
            switch (kind)
            {
                case 'S': left.Stepped(done); break;
                case 'V': left.Validated(); break;
                case 'C': left.Saved(); break;
                case 'X': continue;
                default:
                    // The test and validation images, then the features.
                    if (i == 0 || run.Kinds[i - 1] != kind) meter = NewMeter("Evaluating", RunWork.EvaluatedImages(images));
                    left.Evaluated(done);
                    meter.At(done);
                    continue;
            }
            if (i + 1 < run.Kinds.Length && run.Done[i + 1] == done && run.Kinds[i + 1] is 'V' or 'C') continue;
            meter.At(done, now: done == 1 || done == run.Steps);
        }
        return told;

        ProgressMeter NewMeter(string stage, int total) => new(stage, total, 1, left, happened =>
        {
            if (happened is ProgressReported { SecondsLeft: { } seconds }) told.Add(new(clock.Seconds, seconds));
        }, clock);
    }

    private static double Quantile(List<double> rising, double share) => rising[(int)Math.Ceiling(share * rising.Count) - 1];

    private sealed record Report(double At, double Left);

    /// <param name="Images">Training images, validation images, test images.</param>
    /// <param name="Kinds">S: steps; V: a validation figure; C: a checkpoint; E: images evaluated; F: features of images; X: the end.</param>
    /// <param name="Done">Steps or images by then.</param>
    /// <param name="Milliseconds">Since the one before.</param>
    private sealed record RecordedRun(
        string Network, int Steps, int BatchSize, int ValidationEvery, int CheckpointEvery, int[] Images, string Kinds, int[] Done, int[] Milliseconds, int? Width = null, int? InputSize = null)
    {
        [JsonIgnore]
        public double Seconds => Milliseconds.Sum() / 1000.0;
    }

    private sealed class SetClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public double Seconds => _now / 1000.0;

        public override long GetTimestamp() => _now;

        public void Pass(double seconds) => _now += (long)Math.Round(1000 * seconds);
    }
}
