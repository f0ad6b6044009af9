using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;

namespace Pneumothorax.Lab.Runs.OwnImages;

/// <summary>
/// Has files of unknown content read, and networks asked about them, by a child process (<c>lab predict --serve</c>) with an end to its time and
/// memory: whatever a file does to a decoder, it does it there. The child takes one file after the other, since starting it costs two seconds
/// of a core and an answer a tenth of one; it is ended when nobody asks for a while, and started anew when it died.
/// </summary>
public sealed class PictureReader(LabExecutable executable, TimeProvider clock) : IDisposable
{
    private const string Prlimit = "/usr/bin/prlimit";

    /// <summary>64 megapixels, a network and its maps take half of it.</summary>
    private const long MostMemory = 3L << 30;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(3);

    private readonly SemaphoreSlim _turn = new(1);
    private Process? _child;
    private ITimer? _idle;

    /// <exception cref="RunRefusedException">The file is no picture that is read, or a run cannot answer; the message is one sentence.</exception>
    internal async Task<AnsweredPicture> ReadAsync(string path, IEnumerable<RunFolder> runs, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.Serialize(new PictureRequest(path, [.. runs.Select(run => run.Path)]), LabJson.Line);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var reply = await AskAsync(request, cancellationToken);
            return reply.Answered ?? throw new RunRefusedException(reply.Refused ?? "The picture cannot be read.");
        }
        finally
        {
            EndWhenIdle();
            _turn.Release();
        }
    }

    /// <summary>Starts the child before it is needed: while somebody looks for a picture to bring.</summary>
    public void Prepare()
    {
        if (!_turn.Wait(0)) return;
        try
        {
            if (_child is not { HasExited: false })
            {
                End();
                _child = Start();
            }
            EndWhenIdle();
        }
        catch (RunRefusedException)
        {
            // Whoever brings a picture is told.
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _idle?.Dispose();
        End();
        _turn.Dispose();
    }

    private async Task<PictureReply> AskAsync(string request, CancellationToken cancellationToken)
    {
        if (_child is not { HasExited: false })
        {
            End();
            _child = Start();
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await _child.StandardInput.WriteLineAsync(request.AsMemory(), patience.Token);
            await _child.StandardInput.FlushAsync(patience.Token);
            if (await _child.StandardOutput.ReadLineAsync(patience.Token) is { } line && JsonSerializer.Deserialize<PictureReply>(line, LabJson.Line) is { } reply) return reply;
        }
        catch (OperationCanceledException)
        {
            // It still works at this file: its answer would be taken for the next one's.
            End();
            cancellationToken.ThrowIfCancellationRequested();
            throw new RunRefusedException($"The picture could not be read within {s_patience.TotalSeconds:0} seconds.") { MayPassLater = true };
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // It has died, or is about to.
        }
        End();
        throw new RunRefusedException("The picture cannot be read: the program that opened it came to a sudden end.");
    }

    private void EndWhenIdle()
    {
        _idle ??= clock.CreateTimer(_ => EndIfIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _idle.Change(s_idle, Timeout.InfiniteTimeSpan);
    }

    private void EndIfIdle()
    {
        // Whoever has the turn sets the timer again.
        if (!_turn.Wait(0)) return;
        try { End(); }
        finally { _turn.Release(); }
    }

    private void End()
    {
        if (_child is not { } child) return;
        _child = null;
        if (!child.HasExited) child.Kill(entireProcessTree: true);
        child.Dispose();
    }

    private (string Program, IReadOnlyList<string> Arguments) Command()
    {
        try { return executable.Command(); }
        catch (FileNotFoundException exception) { throw new RunRefusedException(exception.Message); }
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
            var child = Process.Start(start) ?? throw new RunRefusedException("The program that reads pictures did not start.");
            child.BeginErrorReadLine();     // torch's remarks; a full pipe would stop it
            return child;
        }
        catch (Win32Exception exception)
        {
            throw new RunRefusedException($"The program that reads pictures did not start: {exception.Message}");
        }
    }
}
