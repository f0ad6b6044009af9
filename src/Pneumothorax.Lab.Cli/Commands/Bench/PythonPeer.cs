using System.ComponentModel;
using System.Diagnostics;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>A script of this folder in this machine's Python, in a process beside this one that works only when asked: a line for a line.</summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process _process;

    private PythonPeer(Process process, string version) => (_process, Version) = (process, version);

    /// <summary>Of the library that the script is about: its first line.</summary>
    public string Version { get; }

    /// <param name="script">Such as "pytorch_peer.py".</param>
    /// <returns>Null where this Python does not start or lacks what the script imports.</returns>
    public static PythonPeer? Start(string python, string script)
    {
        using var text = new StreamReader(typeof(PythonPeer).Assembly.GetManifestResourceStream(typeof(PythonPeer), script)!);
        try
        {
            var process = Process.Start(new ProcessStartInfo(python, ["-c", text.ReadToEnd()])
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

    /// <exception cref="IOException">The process has ended.</exception>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new IOException($"Python ended when it was asked for \"{line}\", most likely because of too little memory.");
    }

    public void Dispose()
    {
        try { _process.Kill(); }
        catch (InvalidOperationException) { }       // it has ended
        _process.Dispose();
    }
}
