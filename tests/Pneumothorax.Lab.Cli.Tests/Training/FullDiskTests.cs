using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Tests.Training;

/// <summary>A disk that is really full: a file system of a few kilobytes or megabytes, in a namespace of the test's own.</summary>
public sealed class FullDiskTests(LabTraining lab)
{
    // The run begins on the small disk, ends there, gets more room, and goes on.
    private const string OnSmallDisk =
        """
        mount -t tmpfs -o size=$2 lab "$1" || exit 99
        cp "$3" "$1/run.json"
        lab train --run "$1" > "$4.failed"; echo "first $?"
        find "$1" -name '*.part' | wc -l
        mount -o remount,size=64m "$1"
        lab train --run "$1" --resume > "$4.resumed"; echo "then $?"
        cp -r "$1" "$4"
        """;

    public static TheoryData<string, string, Hyperparameters, string> Disks => new()
    {
        // Two checkpoints of 2.6 MB fit, a third does not.
        { "checkpoint", "7m", LabTraining.Brief, @"could not be written at step 9: No space left on device.* The checkpoint of step 6 is kept, and the run can continue from it\.$" },
        // Some pages of points fit.
        {
            "metrics.jsonl", "20k",
            new() { BatchSize = 1, LearningRate = 0.001, Steps = 400, InputSize = 64, Width = 16, Blocks = 1, Kernel = 3, ValidationEvery = 1000, CheckpointEvery = 1000 },
            @"could not be written at step \d+: No space left on device.* There is no checkpoint yet\.$"
        },
        // The only checkpoint fits, the evaluation with its feature maps does not.
        {
            "evaluation.h5", "2800k", LabTraining.Brief with { CheckpointEvery = 12 },
            @"could not be written at step 12: No space left on device.* The checkpoint of step 12 is kept, and the run can continue from it\.$"
        },
    };

    [Theory]
    [MemberData(nameof(Disks), DisableDiscoveryEnumeration = true)]
    public void Train_DiskFull_FailsInOneLineAndGoesOnWhenThereIsRoom(string what, string size, Hyperparameters hyperparameters, string reason)
    {
        var wrapper = Namespace() ?? [];
        Assert.SkipWhen(wrapper.Length == 0, "This system lets nobody mount a small file system: Train_CheckpointRefused covers what it can.");
        var (asked, small, kept) = (lab.NewRun(hyperparameters), lab.NewPath(), lab.NewPath());
        Directory.CreateDirectory(small);

        var (code, output, errors) = lab.Bash(OnSmallDisk, [small, size, asked.SpecPath, kept], wrapper);

        Assert.True(code == 0, $"{what}: {errors}");
        Assert.Equal(["first 1", "0", "then 0"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));
        var failed = Assert.IsType<TrainingFailed>(LabTraining.Events(File.ReadAllText(kept + ".failed"))[^1]);
        Assert.Matches(reason, failed.Message);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        // How often checkpoints are made changes no number, so most cases can be held against one run.
        var whole = lab.Whole;
        if (hyperparameters != LabTraining.Brief with { CheckpointEvery = hyperparameters.CheckpointEvery })
        {
            whole = asked;
            Assert.Equal(0, LabTraining.Finish(lab.Start("train", "--run", whole.Path)).ExitCode);
        }
        AssertSame(whole, new RunFolder(kept));
    }

    [Fact]
    public void Train_CheckpointRefused_KeepsTheOneBeforeAndGoesOnLater()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no ulimit.");
        var folder = lab.NewRun(LabTraining.Brief);
        using (var process = lab.Start("train", "--run", folder.Path))
        {
            LabTraining.ReadUntil(process, happened => happened is CheckpointSaved { Step: 3 });
            process.Kill();
            process.WaitForExit();
        }

        // No file may become larger than a megabyte, and weights are more; the runtime's own memory files are larger too unless told.
        var (code, output, _) = lab.Bash(
            "trap '' XFSZ; ulimit -f 1000; export DOTNET_EnableWriteXorExecute=0; lab train --run \"$1\" --resume", [folder.Path]);

        Assert.Equal(1, code);
        Assert.Matches(@"at step 6: The file would be too large here\. The checkpoint of step 3 is kept", Assert.IsType<TrainingFailed>(LabTraining.Events(output)[^1]).Message);
        Assert.Equal([3], folder.CheckpointSteps());
        Assert.Equal(0, LabTraining.Finish(lab.Start("train", "--run", folder.Path, "--resume")).ExitCode);
        AssertSame(lab.Whole, folder);
    }

    private static void AssertSame(RunFolder whole, RunFolder other)
    {
        Assert.Equal(File.ReadAllText(whole.MetricsPath), File.ReadAllText(other.MetricsPath));
        var last = whole.CheckpointSteps()[^1];
        Assert.Equal(File.ReadAllBytes(whole.WeightsPath(last)), File.ReadAllBytes(other.WeightsPath(last)));
        Assert.True(other.HasEvaluation);
    }

    /// <returns>A command that starts another where it may mount: as root, or as anybody in a namespace where it seems to be root; null where neither works.</returns>
    private string[]? Namespace()
    {
        string[][] wrappers = [["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]];
        return !OperatingSystem.IsLinux() ? null : wrappers.FirstOrDefault(wrapper => lab.Bash("mount -t tmpfs -o size=16k lab /mnt", [], wrapper).ExitCode == 0);
    }
}
