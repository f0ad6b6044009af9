using System.Diagnostics;
using System.Globalization;
using Pneumothorax.Lab.Experiments.Hosts;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>One <c>lab train</c>, or <c>lab evaluate</c>, as a child process.</summary>
internal static class TrainingProcess
{
    /// <summary>Time for a last checkpoint; canceling frees the machine within five seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    /// <summary>The exit code of a process that SIGKILL ended.</summary>
    public const int Killed = 128 + 9;

    /// <summary>What .NET and torch take beside the training: 0.4 GB, measured on the light network.</summary>
    public const long OwnBytes = 512L << 20;

    /// <param name="evaluatesOnly">Trains no more.</param>
    /// <param name="memory">Bytes that it may take; null for any number.</param>
    /// <exception cref="IOException">It could not be started.</exception>
    public static ChildProcess Start(LabExecutable executable, RunFolder folder, LabPaths paths, GpuSlots slots, int slot, bool evaluatesOnly = false, long? memory = null)
    {
        string[] verb = evaluatesOnly ? ["evaluate"] : ["train", "--resume"];
        return ChildProcess.Start(executable, [.. verb, "--run", folder.Path, "--supervised", "--data-directory", paths.DataDirectory], new()
        {
            WorkingDirectory = folder.Path,
            HasLowPriority = slots.OnCpu,
            Environment = variables =>
            {
                slots.Describe(slot, variables);
                if (memory is { } bytes) variables[HostMemory.LimitVariable] = bytes.ToString(CultureInfo.InvariantCulture);
                if (Activity.Current?.Id is { } trace) variables["TRACEPARENT"] = trace;     // for whatever a trainer traces itself
            },
        });
    }
}
