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
    /// <summary>The largest picture, a network, its maps and the threads of a large host take half of it.</summary>
    private const long MostMemory = 3L << 30;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>On a busy host, a process and its network take a while to start.</summary>
    private static readonly TimeSpan s_starting = TimeSpan.FromSeconds(30);

    private ChildProcess? _child;

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
            await _child!.Input.WriteLineAsync(request.AsMemory(), patience.Token);
            await _child.Input.FlushAsync(patience.Token);
            if (await _child.Output.ReadLineAsync(patience.Token) is { } line && JsonSerializer.Deserialize<PictureReply>(line, LabJson.Line) is { } reply) return reply;
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
        child.Dispose();
    }

    private ChildProcess Start()
    {
        try
        {
            var child = ChildProcess.Start(executable, ["predict", "--serve"], new() { WorkingDirectory = Path.GetTempPath(), MostMemory = MostMemory });
            child.IgnoreErrors();     // torch's remarks
            return child;
        }
        catch (FileNotFoundException exception) { throw new RequestRefusedException(exception.Message); }
        catch (IOException exception) { throw new RequestRefusedException($"The program that reads pictures did not start: {(exception.InnerException ?? exception).Message}"); }
    }
}
