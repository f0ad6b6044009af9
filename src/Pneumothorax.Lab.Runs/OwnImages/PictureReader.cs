using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Agent;

namespace Pneumothorax.Lab.Runs.OwnImages;

/// <summary>
/// Has a file of unknown content read, and networks asked about it, by a child process (<c>lab predict</c>) with an end to its time and memory:
/// whatever the file does to a decoder, it does it there.
/// </summary>
public sealed class PictureReader(LabExecutable executable) : IDisposable
{
    private const string Prlimit = "/usr/bin/prlimit";

    /// <summary>64 megapixels, a network and its maps take half of it.</summary>
    private const long MostMemory = 3L << 30;

    /// <summary>A JSON answer has at most a megabyte a run.</summary>
    private const int MostLetters = 32 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Each takes a core and some hundred megabytes for two seconds; more at once would only make all of them slower.</summary>
    private readonly SemaphoreSlim _places = new(Math.Max(2, Environment.ProcessorCount / 2));

    public void Dispose() => _places.Dispose();

    /// <exception cref="RunRefusedException">The file is no picture that is read, or a run cannot answer; the message is one sentence.</exception>
    internal async Task<AnsweredPicture> ReadAsync(string path, IEnumerable<RunFolder> runs, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            using var process = Start(path, runs);
            try
            {
                return await AnswerAsync(process, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new RunRefusedException($"The picture could not be read within {s_patience.TotalSeconds:0} seconds.") { MayPassLater = true };
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    private static async Task<AnsweredPicture> AnswerAsync(Process process, CancellationToken cancellationToken)
    {
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await ReadAsync(process.StandardOutput, cancellationToken);
        var said = await errors;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode == 0 && Parse(output) is { } answered) return answered;

        const string mark = "lab: ";
        var reason = said.Split('\n').LastOrDefault(line => line.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..].Trim();
        // Without a word of its own it has crashed or was ended for its memory: that is the file's doing, too.
        throw new RunRefusedException(reason ?? "The picture cannot be read: the program that opened it came to a sudden end.");
    }

    private static async Task<string> ReadAsync(StreamReader output, CancellationToken cancellationToken)
    {
        var buffer = new char[1 << 16];
        var text = new System.Text.StringBuilder();
        while (text.Length < MostLetters && await output.ReadAsync(buffer, cancellationToken) is > 0 and var count) text.Append(buffer, 0, count);
        return text.ToString();
    }

    private static AnsweredPicture? Parse(string output)
    {
        try { return JsonSerializer.Deserialize<AnsweredPicture>(output, LabJson.Line); }
        catch (JsonException) { return null; }
    }

    private Process Start(string path, IEnumerable<RunFolder> runs)
    {
        var (program, arguments) = executable.Command();
        string[] all = [.. arguments, "predict", "--json", "--image", path, .. runs.SelectMany(run => (string[])["--run", run.Path])];
        // The data limit, not the address space: .NET reserves far more than it uses.
        var start = File.Exists(Prlimit) ? new ProcessStartInfo(Prlimit, [$"--data={MostMemory}", program, .. all]) : new ProcessStartInfo(program, all);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath();
        try
        {
            return Process.Start(start) ?? throw new RunRefusedException("The program that reads pictures did not start.");
        }
        catch (Win32Exception exception)
        {
            throw new RunRefusedException($"The program that reads pictures did not start: {exception.Message}");
        }
    }
}
