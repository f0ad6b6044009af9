using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>
/// The programs of DCMTK, found on the PATH when they are needed. Each runs without a shell, and with an end to its time, its memory and its
/// output: files of strangers are read here.
/// </summary>
internal static class Dcmtk
{
    /// <summary>Prints tags.</summary>
    public const string Dump = "dcmdump";

    /// <summary>Renders pixels, also those that are JPEG or RLE inside.</summary>
    public const string Render = "dcmj2pnm";

    /// <summary>The same for JPEG-LS.</summary>
    public const string RenderLossless = "dcml2pnm";

    private const int MostErrorLetters = 64 << 10;
    private const long MostMemory = 2L << 30;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(60);

    /// <summary>Of a processor. The largest picture takes four; the clock on the wall goes on while a busy machine does something else.</summary>
    private const int MostSeconds = 15;

    /// <summary>Exit code of a process that the system ended for that.</summary>
    private const int EndedByClock = 128 + 24;

    /// <exception cref="InvalidDataException">The programs are absent; the message says what to install.</exception>
    public static void Require()
    {
        if (Find(Dump) is null || Find(Render) is null || Find(RenderLossless) is null)
            throw new InvalidDataException($"DICOM files are read by {Dump}, {Render} and {RenderLossless}, which are not on this machine: install the package dcmtk.");
    }

    /// <summary>Runs a program to its end on the calling thread.</summary>
    /// <param name="mostBytes">Of its output; a program that writes more is ended.</param>
    /// <returns>Its exit code, what it wrote, and the beginning of what it complained of.</returns>
    /// <exception cref="InvalidDataException">The program is absent, or took too long or wrote too much.</exception>
    /// <exception cref="OperationCanceledException">It was ended because nobody waits any more.</exception>
    public static (int Code, ReadOnlyMemory<byte> Output, string Errors) Run(string program, IEnumerable<string> arguments, int mostBytes, CancellationToken cancellationToken)
    {
        Require();
        // A file of a few kilobytes can ask for gigabytes; the system refuses them to this one process.
        var bounds = Find("prlimit");
        string[] command = [.. bounds is null ? Array.Empty<string>() : [$"--as={MostMemory}", $"--cpu={MostSeconds}:{MostSeconds + 5}", Find(program)!], .. arguments];
        using var process = Start(bounds ?? Find(program)!, command);
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text && errors.Length < MostErrorLetters) errors.Append(text).Append('\n');
        };
        process.BeginErrorReadLine();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_mostTime);
        using var ending = patience.Token.Register(() => End(process));
        var (output, whole) = Read(process.StandardOutput.BaseStream, mostBytes);
        if (!whole) End(process);
        process.WaitForExit();

        cancellationToken.ThrowIfCancellationRequested();
        if (patience.IsCancellationRequested) throw new InvalidDataException($"takes more than {s_mostTime.TotalSeconds:0} seconds to read");
        if (process.ExitCode == EndedByClock) throw new InvalidDataException($"takes more than {MostSeconds} seconds of a processor to read");
        if (!whole) throw new InvalidDataException("contains more pixels than it declares");
        return (process.ExitCode, output, errors.ToString());
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidDataException($"{program} could not be started: {exception.Message}", exception);
        }
    }

    private static (ReadOnlyMemory<byte> Output, bool Whole) Read(Stream stream, int mostBytes)
    {
        var buffer = new byte[Math.Min(mostBytes, 1 << 16)];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length == mostBytes) return (buffer, stream.ReadByte() < 0);
                Array.Resize(ref buffer, (int)Math.Min(mostBytes, 4L * length));
            }
            var read = stream.Read(buffer, length, buffer.Length - length);
            if (read == 0) return (buffer.AsMemory(0, length), true);
            length += read;
        }
    }

    private static void End(Process process)
    {
        try { process.Kill(); }
        catch (InvalidOperationException) { }       // it has ended by itself
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
