using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Pneumothorax.Lab.Experiments.Hosts;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>
/// One <c>lab train</c>, or <c>lab evaluate</c>, as a child process. Its standard input stays open as long as this portal lives: end of file tells
/// it that nobody listens any more, so that a killed portal never leaves a training behind.
/// </summary>
internal sealed class TrainingProcess : IDisposable
{
    /// <summary>Time for a last checkpoint; canceling frees the machine within five seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    /// <summary>The exit code of a process that SIGKILL ended.</summary>
    public const int Killed = 128 + 9;

    /// <summary>What .NET and torch take beside the training: 0.4 GB, measured on the light network.</summary>
    public const long OwnBytes = 512L << 20;

    private readonly Process _process;

    private TrainingProcess(Process process) => _process = process;

    public int ExitCode => _process.ExitCode;

    /// <summary>Processor time that it has used; null when it is gone, or the system does not tell.</summary>
    public double? ProcessorSeconds
    {
        get
        {
            try { return _process.TotalProcessorTime.TotalSeconds; }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or NotSupportedException) { return null; }
        }
    }

    public TextReader Output => _process.StandardOutput;

    public TextReader Errors => _process.StandardError;

    /// <param name="evaluatesOnly">Trains no more.</param>
    /// <param name="memory">Bytes that it may take; null for any number.</param>
    /// <exception cref="IOException">It could not be started.</exception>
    public static TrainingProcess Start(LabExecutable executable, RunFolder folder, LabPaths paths, GpuSlots slots, int slot, bool evaluatesOnly = false, long? memory = null)
    {
        var (program, arguments) = executable.Command();
        string[] verb = evaluatesOnly ? ["evaluate"] : ["train", "--resume"];
        string[] all = [.. arguments, .. verb, "--run", folder.Path, "--supervised", "--data-directory", paths.DataDirectory];
        // Through nice(1) every thread of the child starts at the low priority, not only those that begin after we could set it.
        var start = slots.OnCpu && File.Exists("/usr/bin/nice")
            ? new ProcessStartInfo("/usr/bin/nice", ["-n", "10", program, .. all])
            : new ProcessStartInfo(program, all);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = folder.Path;
        slots.Describe(slot, start.Environment);
        if (memory is { } bytes) start.Environment[HostMemory.LimitVariable] = bytes.ToString(CultureInfo.InvariantCulture);
        if (Activity.Current?.Id is { } trace) start.Environment["TRACEPARENT"] = trace;     // for whatever a trainer traces itself
        try
        {
            var process = Process.Start(start) ?? throw new IOException($"{program} did not start.");
            if (slots.OnCpu && OperatingSystem.IsWindows()) process.PriorityClass = ProcessPriorityClass.BelowNormal;
            return new(process);
        }
        catch (Win32Exception exception)
        {
            throw new IOException($"{program} did not start: {exception.Message}", exception);
        }
    }

    /// <summary>Asks for a last checkpoint and an end, and kills the process with its children when that takes too long.</summary>
    public Task StopAsync() => StopAsync(Patience, CancellationToken.None);

    /// <param name="hurry">Ends the wait at once.</param>
    /// <inheritdoc cref="StopAsync()"/>
    public async Task StopAsync(TimeSpan patience, CancellationToken hurry)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync("stop");
            await _process.StandardInput.FlushAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // It has gone, or is going.
        }
        await EndWithinAsync(patience, hurry);
    }

    /// <summary>Waits until the process is gone; kills it when that takes too long.</summary>
    public async Task EndWithinAsync(TimeSpan patience, CancellationToken hurry = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        timeout.CancelAfter(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
