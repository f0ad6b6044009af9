using System.Diagnostics;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Tests.Training;

/// <summary>What other processes do to a training.</summary>
public sealed class KilledTrainingTests(LabTraining lab)
{
    [Fact]
    public void Train_AnotherProcessWithTheSameSeed_WritesTheSameFile()
    {
        var again = lab.NewRun(LabTraining.Brief);

        Assert.Equal(0, LabTraining.Finish(lab.Start("train", "--run", again.Path)).ExitCode);

        Assert.Equal(File.ReadAllText(lab.Whole.MetricsPath), File.ReadAllText(again.MetricsPath));
    }

    [Fact]
    public void Train_KilledAgainAndAgain_EndsLikeOneNeverKilled()
    {
        var folder = lab.NewRun(LabTraining.Brief);
        Func<TrainingEvent, bool>[] moments =
        [
            happened => happened is TrainingStarted,                                                // before the first point
            happened => happened is MetricsReported { Points: [{ Step: >= 2 }, ..] },               // before the first checkpoint
            happened => happened is CheckpointSaved { Step: 6 },                                    // right after one
            happened => happened is MetricsReported { Points: [{ Step: >= 11 }, ..] },              // between two
            happened => happened is ProgressReported { Stage: "Evaluating" },                       // trained, not evaluated
        ];

        foreach (var moment in moments)
        {
            using var process = lab.Start("train", "--run", folder.Path, "--supervised", "--resume");
            Assert.NotNull(LabTraining.ReadUntil(process, moment));
            process.Kill();      // SIGKILL
            process.WaitForExit();
            Assert.False(folder.HasEvaluation);
        }
        var (code, output, _) = LabTraining.Finish(lab.Start("train", "--run", folder.Path, "--supervised", "--resume"));

        Assert.Equal(0, code);
        Assert.Equal(12, LabTraining.Events(output).OfType<TrainingStarted>().Single().FromStep);
        Assert.Equal(File.ReadAllText(lab.Whole.MetricsPath), File.ReadAllText(folder.MetricsPath));
        Assert.True(folder.HasEvaluation);
    }

    [Fact]
    public void Train_AgentSaysStop_EndsWithACheckpointWithinSeconds()
    {
        var folder = lab.NewRun(LabTraining.Brief with { Steps = 100_000 });
        using var process = lab.Start("train", "--run", folder.Path, "--supervised");
        LabTraining.ReadUntil(process, happened => happened is MetricsReported);

        process.StandardInput.WriteLine("stop");
        var stopped = Assert.IsType<TrainingStopped>(LabTraining.ReadUntil(process, happened => happened is TrainingStopped));

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(stopped.Step, folder.CheckpointSteps()[^1]);
    }

    [Fact]
    public void Train_FolderRemoved_FailsInOneLine_AndLeavesNothing()
    {
        var folder = lab.NewRun(LabTraining.Brief with { Steps = 100_000, ValidationEvery = 100_000, CheckpointEvery = 100_000 });
        using var process = lab.Start("train", "--run", folder.Path, "--supervised");
        LabTraining.ReadUntil(process, happened => happened is MetricsReported);

        Directory.Delete(folder.Path, recursive: true);
        var failed = Assert.IsType<TrainingFailed>(LabTraining.ReadUntil(process, happened => happened is TrainingFailed));

        Assert.Matches(@"^The folder of this run was removed during the run, at step \d+, so its points and checkpoints are gone\. Start a copy of it\.$", failed.Message);
        Assert.False(failed.IsHostFault);
        process.WaitForExit();
        Assert.Equal((1, false), (process.ExitCode, Directory.Exists(folder.Path)));
    }

    [Fact]
    public void Train_AgentDies_EndsAtOnce()
    {
        var folder = lab.NewRun(LabTraining.Brief with { Steps = 100_000 });
        using var process = lab.Start("train", "--run", folder.Path, "--supervised");
        LabTraining.ReadUntil(process, happened => happened is MetricsReported);

        process.StandardInput.Close();

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(5)));
        Assert.NotEqual(0, process.ExitCode);
    }

    [Fact]
    public void Train_Terminated_EndsWithACheckpoint()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var folder = lab.NewRun(LabTraining.Brief with { Steps = 100_000 });
        using var process = lab.Start("train", "--run", folder.Path);
        LabTraining.ReadUntil(process, happened => happened is MetricsReported);

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) kill.WaitForExit();

        Assert.IsType<TrainingStopped>(LabTraining.ReadUntil(process, happened => happened is TrainingStopped));
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, process.ExitCode);
        Assert.Single(folder.CheckpointSteps());
    }
}
