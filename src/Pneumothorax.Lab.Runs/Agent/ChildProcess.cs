using System.ComponentModel;
using System.Diagnostics;

namespace Pneumothorax.Lab.Runs.Agent;

/// <summary>How a child process is started.</summary>
public sealed record ChildOptions
{
    public required string WorkingDirectory { get; init; }

    /// <summary>Whatever else this host does comes first.</summary>
    public bool HasLowPriority { get; init; }

    /// <summary>Bytes of memory that it may take, where the system can hold it to that; null for any number.</summary>
    public long? MostMemory { get; init; }

    /// <summary>Changes to the environment that it inherits.</summary>
    public Action<IDictionary<string, string?>> Environment { get; init; } = _ => { };
}

/// <summary>
/// The program <c>lab</c> as a child process, from its start to its end. Its standard input stays open as long as this process lives: end of file
/// tells it that nobody listens any more, so that a killed portal leaves no child behind.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private const string Nice = "/usr/bin/nice";
    private const string Prlimit = "/usr/bin/prlimit";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

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

    public TextWriter Input => _process.StandardInput;

    public TextReader Output => _process.StandardOutput;

    /// <summary>Somebody has to read them, or call <see cref="IgnoreErrors"/>: a full pipe stops the child.</summary>
    public TextReader Errors => _process.StandardError;

    /// <param name="arguments">Of the program <c>lab</c>.</param>
    /// <exception cref="FileNotFoundException">The program is not there; the message says where it was sought.</exception>
    /// <exception cref="IOException">It could not be started.</exception>
    public static ChildProcess Start(LabExecutable executable, IEnumerable<string> arguments, ChildOptions options)
    {
        var (program, first) = executable.Command();
        List<string> command = [program, .. first, .. arguments];
        // Through nice(1) every thread of the child starts at the low priority, not only those that begin after we could set it.
        if (options.HasLowPriority && File.Exists(Nice)) command.InsertRange(0, [Nice, "-n", "10"]);
        // The data limit, not the address space: .NET reserves far more than it uses.
        if (options.MostMemory is { } bytes && File.Exists(Prlimit)) command.InsertRange(0, [Prlimit, $"--data={bytes}"]);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingDirectory,
        };
        options.Environment(start.Environment);
        try
        {
            var process = Process.Start(start) ?? throw new IOException($"{program} did not start.");
            if (options.HasLowPriority && OperatingSystem.IsWindows()) process.PriorityClass = ProcessPriorityClass.BelowNormal;
            return new(process);
        }
        catch (Win32Exception exception)
        {
            throw new IOException($"{program} did not start: {exception.Message}", exception);
        }
    }

    /// <summary>What it says on standard error counts for nothing.</summary>
    public void IgnoreErrors() => _process.BeginErrorReadLine();

    /// <summary>Asks it to end, and kills it with its children when that takes too long.</summary>
    /// <param name="hurry">Ends the wait at once.</param>
    public async Task StopAsync(TimeSpan patience, CancellationToken hurry = default)
    {
        try
        {
            await Input.WriteLineAsync("stop");
            await Input.FlushAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has gone, or is going.
        }
        await EndWithinAsync(patience, hurry);
    }

    /// <summary>Waits until the process is gone; kills it with its children when that takes too long.</summary>
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
            Kill();
            await WaitAsync();
        }
        catch (InvalidOperationException)
        {
            // It has ended, and whoever watched it has let go of it.
        }
    }

    /// <summary>Waits for its end, however long that takes.</summary>
    public async Task WaitAsync()
    {
        try { await _process.WaitForExitAsync(CancellationToken.None); }
        catch (InvalidOperationException) { }       // as above
    }

    /// <summary>Ends it with its children, if it still runs.</summary>
    public void Kill()
    {
        try { if (!_process.HasExited) _process.Kill(entireProcessTree: true); }
        catch (InvalidOperationException) { }       // as above
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
