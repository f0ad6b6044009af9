using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>The same networks in the PyTorch of this machine's Python, in a process beside this one that works only when asked.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private const string Script = "pytorch_peer.py";

    private readonly Process _process;

    private PyTorchPeer(Process process, string version) => (_process, Version) = (process, version);

    /// <summary>Of PyTorch.</summary>
    public string Version { get; }

    /// <returns>Null where this Python does not start or has no PyTorch.</returns>
    public static PyTorchPeer? Start(string python)
    {
        using var script = new StreamReader(typeof(PyTorchPeer).Assembly.GetManifestResourceStream(typeof(PyTorchPeer), Script)!);
        try
        {
            var process = Process.Start(new ProcessStartInfo(python, ["-c", script.ReadToEnd()])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();       // a full pipe would stop it
            if (process.StandardOutput.ReadLine() is { } version) return new(process, version);

            process.Dispose();
            return null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <returns>Images a second.</returns>
    /// <exception cref="IOException">The process has ended.</exception>
    public double Measure(string network, int batchSize, TimeSpan atLeast)
    {
        _process.StandardInput.WriteLine(FormattableString.Invariant($"{network} {batchSize} {atLeast.TotalSeconds}"));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new IOException($"PyTorch ended while it trained {network}, most likely for want of memory.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        try { _process.Kill(); }
        catch (InvalidOperationException) { }       // it has ended
        _process.Dispose();
    }
}
