using System.Text.RegularExpressions;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Cli.Tests.Training;

/// <summary>A process that may take only so much memory.</summary>
public sealed class OutOfMemoryTests(LabTraining lab)
{
    // Few threads, so that their stacks and heaps take the same on any machine.
    private const string Limited =
        """
        ulimit -v 4500000
        export DOTNET_GCHeapHardLimit=0xC800000 DOTNET_PROCESSOR_COUNT=2 OMP_NUM_THREADS=2 MALLOC_ARENA_MAX=2
        lab train --dataset phantoms --network lite --input-size 256 --steps 1 --learning-rate 0.001 --batch-size "$1" --output "$2"
        """;

    [Fact]
    public void Train_BatchTooLarge_NamesOneThatFits_AndItDoes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux limits a process's memory so simply.");

        var (code, _, errors) = lab.Bash(Limited, ["128", lab.NewPath()]);

        Assert.Equal(1, code);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var named = Regex.Match(line, @"^lab: Memory ran out at step 1: a batch of 128 needs about [\d.]+ GB, but only [\d.]+ GB were free\. A batch size of (\d+) would fit\.$");
        Assert.True(named.Success, line);

        var again = lab.Bash(Limited, [named.Groups[1].Value, lab.NewPath()]);
        Assert.True(again.ExitCode == 0, again.Errors);
    }

    /// <summary>As the portal's agent starts it beside itself.</summary>
    [Fact]
    public void Train_UnderTheAgentsLimit_SaysWhichBatchFits_AndTheKernelWouldEndItFirst()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux limits a process's memory so simply.");
        var run = lab.NewRun(new() { BatchSize = 128, LearningRate = 0.001, Steps = 1, InputSize = 256 });

        var (code, output, errors) = lab.Bash(
            """
            export LAB_MEMORY_BYTES=3000000000 DOTNET_PROCESSOR_COUNT=2 OMP_NUM_THREADS=2
            lab train --run "$1" &
            while kill -0 $! 2> /dev/null; do for process in $! $(cat /proc/$!/task/$!/children 2> /dev/null); do cat /proc/$process/oom_score_adj 2> /dev/null; done; sleep 0.3; done > "$1.adjustment"
            wait $!
            """, [run.Path]);

        Assert.True(code == 1, errors);
        var failed = Assert.IsType<TrainingFailed>(LabTraining.Events(output)[^1]);
        Assert.Matches(@"^Memory ran out at step 1: a batch of 128 needs about [\d.]+ GB, but only [\d.]+ GB were free\. A batch size of \d+ would fit\.$", failed.Message);
        Assert.False(failed.IsHostFault);
        Assert.Contains("700", File.ReadAllLines(run.Path + ".adjustment"));
    }
}
