using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pneumothorax.Lab.Load;

/// <summary>
/// A run whose trainer is this program: what it writes into a pipe, the portal's child process (<c>cat</c>) says. So the trainers take next
/// to nothing of the two cores, as if they were other hosts, and each line's time is known.
/// </summary>
internal sealed class LiveRun(int id, string dataDirectory, int steps) : IDisposable
{
    private readonly long[] _sent = new long[steps + 1];
    private readonly long[] _shown = new long[steps + 1];
    private readonly string _metrics = Path.Combine(dataDirectory, "runs", id.ToString(CultureInfo.InvariantCulture), "metrics.jsonl");
    private FileStream? _pipe;
    private double _untold;

    public int Id => id;

    /// <summary>Last step that was written.</summary>
    public int Step { get; private set; }

    /// <summary>The program that plays the trainer of every run.</summary>
    public static string WriteTrainer(string folder)
    {
        var path = Path.Combine(folder, "trainer");
        File.WriteAllText(path, """
            #!/bin/sh
            while [ "$1" != --run ]; do shift; done
            mkfifo "$2.pipe"
            exec cat "$2.pipe"

            """);
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The trainers of this program are pipes, which Windows has not.");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var pipe = Path.Combine(dataDirectory, "runs", $"{id.ToString(CultureInfo.InvariantCulture)}.pipe");
        for (var clock = Stopwatch.StartNew(); !File.Exists(pipe); await Task.Delay(50, cancellationToken))
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(2)) throw new TimeoutException($"The portal does not start run {id}.");
        }
        _pipe = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Say($$"""{"event":"started","fromStep":0,"steps":{{steps}},"trainImages":30,"validationImages":8,"parameters":20000,"device":"cpu"}""");
    }

    /// <summary>One step: its points first into the file, then out, as <c>lab train</c> does; its progress twice a second.</summary>
    public void Train(double rate)
    {
        var step = Step + 1;
        List<object> points = [Point("train/loss", 0.3 + (0.4 / (1 + (step / 50.0)))), Point("train/accuracy", 0.5 + (0.4 * step / (step + 50.0)))];
        if (step % 10 == 0) points.AddRange([Point("validation/loss", 0.4), Point("validation/accuracy", 0.8), Point("validation/auroc", 0.85)]);
        var lines = points.ConvertAll(point => JsonSerializer.Serialize(point));
        File.AppendAllText(_metrics, string.Concat(lines.Select(line => line + "\n")));
        _sent[step] = Stopwatch.GetTimestamp();
        Step = step;
        Say($$"""{"event":"metrics","points":[{{string.Join(',', lines)}}]}""");
        if ((_untold += 1 / rate) < 0.5) return;
        _untold = 0;
        Say(FormattableString.Invariant($$"""{"event":"progress","stage":"Training","done":{{step}},"total":{{steps}},"imagesPerSecond":{{8 * rate}},"secondsLeft":{{(steps - step) / rate}}}"""));

        object Point(string series, double value) => new { step, series, value };
    }

    /// <summary>A chart of the run's page was told of points up to this step.</summary>
    public void Show(JsonElement steps)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var value in steps.EnumerateArray())
        {
            if (value.TryGetDouble(out var place) && place >= 1 && (int)place is var step && step < _shown.Length && _shown[step] == 0) _shown[step] = now;
        }
    }

    /// <param name="fromStep">Steps after it count.</param>
    public IEnumerable<TimeSpan> Latencies(int fromStep) =>
        from step in Enumerable.Range(fromStep + 1, Step - fromStep) where _shown[step] > 0 select Stopwatch.GetElapsedTime(_sent[step], _shown[step]);

    public int Lost() => Enumerable.Range(1, Step).Count(step => _shown[step] == 0);

    public void Dispose() => _pipe?.Dispose();

    private void Say(string line) => _pipe!.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
