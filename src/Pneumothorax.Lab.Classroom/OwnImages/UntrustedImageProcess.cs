using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Agent;

namespace Pneumothorax.Lab.Classroom.OwnImages;

/// <summary>
/// A child process (<c>lab predict --serve</c>) with an end to its time and memory: whatever a file does to a decoder, it does it there. It takes one
/// file after the other, since starting it costs two seconds of a core and an answer a tenth of one; it is started anew when it died. One caller
/// at a time.
/// </summary>
internal sealed class UntrustedImageProcess(LabExecutable executable) : IDisposable
{
    private const string Prlimit = "/usr/bin/prlimit";

    /// <summary>The largest picture, a network, its maps and the threads of a large host take half of it.</summary>
    private const long MostMemory = 3L << 30;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>On a busy host, a process and its network take a while to start.</summary>
    private static readonly TimeSpan s_starting = TimeSpan.FromSeconds(30);

    private Process? _child;

    public bool IsRunning => _child is { HasExited: false };

    public void Dispose() => End();

    /// <exception cref="RequestRefusedException">It cannot be started, took too long or died; the message is one sentence.</exception>
    public async Task<PictureReply> AskAsync(string request, CancellationToken cancellationToken)
    {
        var most = IsRunning ? s_patience : s_patience + s_starting;
        Prepare();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(most);
        try
        {
            await _child!.StandardInput.WriteLineAsync(request.AsMemory(), patience.Token);
            await _child.StandardInput.FlushAsync(patience.Token);
            if (await _child.StandardOutput.ReadLineAsync(patience.Token) is { } line && JsonSerializer.Deserialize<PictureReply>(line, LabJson.Line) is { } reply) return reply;
        }
        catch (OperationCanceledException)
        {
            // It still works at this file: its answer would be taken for the next one's.
            End();
            cancellationToken.ThrowIfCancellationRequested();
            throw new RequestRefusedException($"The picture could not be read within {most.TotalSeconds:0} seconds.") { MayPassLater = true };
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // It has died, or is about to.
        }
        End();
        throw new RequestRefusedException("The picture cannot be read: the program that opened it ended unexpectedly.");
    }

    /// <summary>Starts it where it is not running.</summary>
    /// <exception cref="RequestRefusedException">It cannot be started.</exception>
    public void Prepare()
    {
        if (IsRunning) return;
        End();
        _child = Start();
    }

    public void End()
    {
        if (_child is not { } child) return;
        _child = null;
        if (!child.HasExited) child.Kill(entireProcessTree: true);
        child.Dispose();
    }

    private (string Program, IReadOnlyList<string> Arguments) Command()
    {
        try { return executable.Command(); }
        catch (FileNotFoundException exception) { throw new RequestRefusedException(exception.Message); }
    }

    private Process Start()
    {
        var (program, arguments) = Command();
        string[] all = [.. arguments, "predict", "--serve"];
        // The data limit, not the address space: .NET reserves far more than it uses.
        var start = File.Exists(Prlimit) ? new ProcessStartInfo(Prlimit, [$"--data={MostMemory}", program, .. all]) : new ProcessStartInfo(program, all);
        // Its standard input is open as long as this portal lives: a killed portal leaves no child behind.
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath();
        try
        {
            var child = Process.Start(start) ?? throw new RequestRefusedException("The program that reads pictures did not start.");
            child.BeginErrorReadLine();     // torch's remarks; a full pipe would stop it
            return child;
        }
        catch (Win32Exception exception)
        {
            throw new RequestRefusedException($"The program that reads pictures did not start: {exception.Message}");
        }
    }
}
