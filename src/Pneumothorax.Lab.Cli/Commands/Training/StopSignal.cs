using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Cli.Commands.Training;

/// <summary>Asks a training to end with a checkpoint: Ctrl-C, SIGTERM, or the agent's word <c>stop</c> on standard input.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations;

    public StopSignal() =>
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public CancellationToken Token => _stop.Token;

    /// <summary>
    /// Listens to the agent. When its end of the pipe closes, the agent has died: this process ends at once,
    /// so that nobody's training goes on unwatched.
    /// </summary>
    public void ListenTo(TextReader agent)
    {
        var listener = new Thread(() =>
        {
            while (agent.ReadLine() is { } word)
            {
                if (word.Trim() == "stop") _stop.Cancel();
            }
            // Not an orderly exit: that would wait for a step that can take a minute.
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true, Name = "Agent" };
        listener.Start();
    }

    public void Dispose()
    {
        // The token source stays: the listener may still hear the agent while the process ends.
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        // A second Ctrl-C means it: let it end the process.
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
