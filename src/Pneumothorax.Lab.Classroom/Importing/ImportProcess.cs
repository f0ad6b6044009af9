using System.ComponentModel;
using System.Diagnostics;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;

namespace Pneumothorax.Lab.Classroom.Importing;

/// <summary>
/// One <c>lab data import</c> or <c>lab data add</c> as a child process, at a low priority. Its standard input is open as long as this portal
/// lives: a killed portal leaves no import behind.
/// </summary>
public sealed class ImportProcess : IDisposable
{
    private const string Nice = "/usr/bin/nice";

    /// <summary>Enough to finish the images at hand.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    private ImportProcess(Process process) => _process = process;

    public int ExitCode => _process.ExitCode;

    public TextReader Output => _process.StandardOutput;

    /// <exception cref="IOException">It could not be started.</exception>
    public static ImportProcess Start(LabExecutable executable, IReadOnlyList<string> arguments, LabPaths paths)
    {
        var (program, first) = executable.Command();
        string[] all = [.. first, .. arguments, "--supervised", $"--data-directory={paths.DataDirectory}"];
        var start = File.Exists(Nice) ? new ProcessStartInfo(Nice, ["-n", "10", program, .. all]) : new ProcessStartInfo(program, all);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = paths.DataDirectory;
        try
        {
            var process = Process.Start(start) ?? throw new IOException($"{program} did not start.");
            if (OperatingSystem.IsWindows()) process.PriorityClass = ProcessPriorityClass.BelowNormal;
            return new(process);
        }
        catch (Win32Exception exception)
        {
            throw new IOException($"{program} did not start: {exception.Message}", exception);
        }
    }

    /// <returns>All that it said on standard error.</returns>
    public Task<string> ReadErrorsAsync() => _process.StandardError.ReadToEndAsync();

    public Task WaitAsync() => _process.WaitForExitAsync();

    /// <summary>Asks it to end, and kills it with its children when that takes too long.</summary>
    public async Task StopAsync()
    {
        try
        {
            await _process.StandardInput.WriteLineAsync("stop");
            await _process.StandardInput.FlushAsync();
            using var patience = new CancellationTokenSource(s_patience);
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            Kill();
        }
    }

    /// <summary>Ends it with its children, if it still runs.</summary>
    public void Kill()
    {
        try { _process.Kill(entireProcessTree: true); }
        catch (InvalidOperationException)
        {
            // It has ended, and whoever watched it has let go of it.
        }
    }

    public void Dispose() => _process.Dispose();
}
