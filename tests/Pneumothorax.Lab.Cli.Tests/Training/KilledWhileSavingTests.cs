using System.Diagnostics;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Tests.Training;

/// <summary>SIGKILL in the middle of writing a checkpoint. The lab's network writes forty megabytes each time, so there is a middle to hit.</summary>
public sealed class KilledWhileSavingTests(LabTraining lab)
{
    private static readonly Hyperparameters s_saving = new()
    {
        BatchSize = 1,
        LearningRate = 0.001,
        Steps = 9,
        InputSize = 64,
        ValidationEvery = 3,
        CheckpointEvery = 1,
    };

    [Fact]
    public void Train_KilledInTheMiddleOfCheckpoints_EndsWithTheSameBits()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps files open that a killed process wrote.");
        var (whole, broken) = (NewRun(), NewRun());
        Assert.Equal(0, LabTraining.Finish(lab.Start("train", "--run", whole.Path)).ExitCode);

        // The first file of a checkpoint, its second, its last: each once, in ever later checkpoints.
        (int Step, string File)[] moments = [(1, "weights.safetensors"), (3, "optimizer.safetensors"), (4, "weights.safetensors"), (6, "state.json"), (7, "optimizer.safetensors")];
        var landed = moments.Count(moment => KillWhile(broken, moment.Step, moment.File));
        Assert.True(landed >= 2, $"Only {landed} of {moments.Length} kills left a checkpoint half written.");
        Assert.Equal(0, LabTraining.Finish(lab.Start("train", "--run", broken.Path, "--resume")).ExitCode);

        Assert.Equal(File.ReadAllText(whole.MetricsPath), File.ReadAllText(broken.MetricsPath));
        Assert.Equal(whole.CheckpointSteps(), broken.CheckpointSteps());
        foreach (var file in Directory.GetFiles(whole.CheckpointsPath, "*", SearchOption.AllDirectories))
        {
            var other = Path.Combine(broken.CheckpointsPath, Path.GetRelativePath(whole.CheckpointsPath, file));
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(other)), $"{other} differs.");
        }
        Assert.Empty(Directory.GetDirectories(broken.CheckpointsPath, ".*"));
    }

    private RunFolder NewRun()
    {
        var folder = lab.NewRun(s_saving);
        folder.WriteSpec(folder.ReadSpec() with { Network = "lab" });
        return folder;
    }

    /// <summary>Kills the training once a file of an unfinished checkpoint, of this step or a later one, has bytes in it.</summary>
    /// <returns>Whether a checkpoint was left half written.</returns>
    private bool KillWhile(RunFolder folder, int step, string file)
    {
        using var process = lab.Start("train", "--run", folder.Path, "--resume");
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        var waited = Stopwatch.StartNew();
        while (!process.HasExited && !Unfinished(folder).Any(part => part.Step >= step && HasBytes(Path.Combine(part.Path, file))))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "No checkpoint was begun.");
            // Often enough to meet a file that takes tens of milliseconds; without a pause this would take a core from the training.
            Thread.Sleep(1);
        }
        process.Kill();
        process.WaitForExit();
        return Unfinished(folder).Any();
    }

    private static IEnumerable<(int Step, string Path)> Unfinished(RunFolder folder) =>
        Directory.Exists(folder.CheckpointsPath)
            ? from path in Directory.GetDirectories(folder.CheckpointsPath, ".step-*.part")
              select (int.Parse(Path.GetFileName(path).Split('-', '.')[2], System.Globalization.CultureInfo.InvariantCulture), path)
            : [];

    private static bool HasBytes(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };
}
