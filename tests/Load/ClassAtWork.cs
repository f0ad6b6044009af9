using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Pneumothorax.Lab.Load;

/// <param name="Loads">Pages that are loaded a second.</param>
internal sealed record Settings(int Students, double Rate, TimeSpan Time, double Loads, FileInfo? Json);

/// <summary>All students watch their live runs on one portal while others open pages.</summary>
internal static class ClassAtWork
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private static readonly string[] s_pages = ["/runs", "/guide/the-problem", "/data/phantom", "/runs/{0}"];

    public static async Task<int> RunAsync(Settings settings, CancellationToken cancellationToken)
    {
        await using var portal = await PortalProcess.StartAsync(settings.Students, cancellationToken);
        var steps = Math.Max(10_000, (int)(settings.Rate * 900));
        var students = new List<Student>();
        var runs = new List<LiveRun>();
        for (var i = 0; i < settings.Students; i++)
        {
            students.Add(await Student.JoinAsync(i, portal.Address, PortalProcess.ClassCode, cancellationToken));
            runs.Add(new(await students[i].LaunchAsync(steps, cancellationToken), portal.DataDirectory, steps));
        }
        foreach (var run in runs) await run.StartAsync(cancellationToken);
        foreach (var page in s_pages) await LoadAsync(students[0], page, runs[0], cancellationToken);         // the first of each compiles it
        Console.WriteLine($"{students.Count} students are in, their runs have started.");

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var training = Task.Run(() => TrainAsync(runs, settings.Rate, end.Token), CancellationToken.None);
        var before = portal.Memory;
        var opened = new ConcurrentBag<TimeSpan>();
        var circuits = new ConcurrentBag<Circuit>();
        await Parallel.ForEachAsync(students.Zip(runs), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (pair, token) =>
        {
            var (circuit, time) = await OpenAsync(pair.First, pair.Second, token);
            circuits.Add(circuit);
            opened.Add(time);
        });
        Console.WriteLine($"{circuits.Count} pages are open. Measuring for {settings.Time.TotalSeconds:0} seconds ...");
        await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);

        var first = runs.Select(run => run.Step).ToList();
        var (clock, portalBefore, ownBefore) = (Stopwatch.StartNew(), portal.Processor, Environment.CpuUsage.TotalTime);
        var loads = await LoadPagesAsync(students, runs, settings, cancellationToken);
        var (wall, portalTime, own) = (clock.Elapsed, portal.Processor - portalBefore, Environment.CpuUsage.TotalTime - ownBefore);
        var memory = portal.Memory;
        await end.CancelAsync();
        await training;
        await Task.Delay(TimeSpan.FromSeconds(4), cancellationToken);          // what is on its way

        var figures = new Dictionary<string, object>
        {
            ["students"] = circuits.Count,
            ["linesASecond"] = Math.Round(runs.Zip(first, (run, from) => run.Step - from).Sum() / wall.TotalSeconds, 1),
            ["lineToChartMs"] = Percentiles([.. runs.Zip(first, (run, from) => run.Latencies(from)).SelectMany(times => times)]),
            ["lostPoints"] = runs.Sum(run => run.Lost()),
            ["pageLoadMs"] = Percentiles(loads),
            ["pageOpenToFirstChartMs"] = Percentiles([.. opened]),
            ["portalMemoryMB"] = new { before = Math.Round(before), with = Math.Round(memory), aCircuit = Math.Round((memory - before) / circuits.Count, 2) },
            ["coresBusy"] = new { portal = Math.Round(portalTime / wall, 2), thisProgram = Math.Round(own / wall, 2), of = Environment.ProcessorCount },
            ["renderedKBASecondACircuit"] = Math.Round(circuits.Average(circuit => circuit.Rendered) / 1000 / wall.TotalSeconds, 1),
            ["loadAverage"] = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "",
            ["faults"] = circuits.Select(circuit => circuit.Fault).Where(fault => fault is not null).Distinct().ToList(),
            ["warnings"] = portal.Warnings.Take(10).ToList(),
        };
        var text = JsonSerializer.Serialize(figures, s_indented);
        Console.WriteLine(text);
        if (settings.Json is { } file) await File.WriteAllTextAsync(file.FullName, text, CancellationToken.None);
        foreach (var circuit in circuits) await circuit.DisposeAsync();
        foreach (var run in runs) run.Dispose();
        foreach (var student in students) student.Dispose();
        return 0;
    }

    /// <returns>The circuit once its first chart is drawn, and the time from the request on.</returns>
    private static async Task<(Circuit Circuit, TimeSpan Time)> OpenAsync(Student student, LiveRun run, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var drawn = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var circuit = await Circuit.OpenAsync(student, new Uri($"/runs/{run.Id}", UriKind.Relative), Called, cancellationToken);
        return (circuit, await drawn.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken));

        void Called(string name, JsonElement arguments)
        {
            // shell.js: lab.chart(module, element, dotnet, plotly, spec); chart.js: update(spec), append(deltas).
            var series = name switch
            {
                "lab.chart" => arguments[4].GetProperty("series"),
                "update" => arguments[0].GetProperty("series"),
                "append" => arguments[0],
                _ => default,
            };
            if (series.ValueKind != JsonValueKind.Array) return;
            foreach (var one in series.EnumerateArray())
            {
                if (one.GetProperty("key").GetString() == "train/loss") run.Show(one.GetProperty("x"));
            }
            if (name == "lab.chart") drawn.TrySetResult(clock.Elapsed);
        }
    }

    /// <summary>Every run at the same rate, each at its own moment.</summary>
    private static async Task TrainAsync(List<LiveRun> runs, double rate, CancellationToken end)
    {
        var clock = Stopwatch.StartNew();
        for (long turn = 0; !end.IsCancellationRequested; turn++)
        {
            var due = TimeSpan.FromSeconds(turn / rate / runs.Count) - clock.Elapsed;
            if (due > TimeSpan.FromMilliseconds(1)) await Task.Delay(due, CancellationToken.None);
            runs[(int)(turn % runs.Count)].Train(rate);
        }
    }

    /// <returns>Times to the last byte of the page's HTML.</returns>
    private static async Task<List<TimeSpan>> LoadPagesAsync(List<Student> students, List<LiveRun> runs, Settings settings, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var loads = new List<Task<TimeSpan>>();
        for (var i = 0; clock.Elapsed < settings.Time; i++)
        {
            var who = i * 7 % students.Count;
            loads.Add(LoadAsync(students[who], s_pages[i % s_pages.Length], runs[who], cancellationToken));
            var due = TimeSpan.FromSeconds((i + 1) / settings.Loads) - clock.Elapsed;
            if (due > TimeSpan.Zero) await Task.Delay(due, cancellationToken);
        }
        return [.. await Task.WhenAll(loads)];
    }

    private static async Task<TimeSpan> LoadAsync(Student student, string page, LiveRun run, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var response = await student.Http.GetAsync(new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, page, run.Id), UriKind.Relative), cancellationToken);
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
        response.EnsureSuccessStatusCode();
        return clock.Elapsed;
    }

    private static object Percentiles(List<TimeSpan> times)
    {
        times.Sort();
        return new { count = times.Count, p50 = At(0.5), p95 = At(0.95), p99 = At(0.99), most = At(1) };

        double At(double share) => times.Count == 0 ? 0 : Math.Round(times[Math.Min(times.Count - 1, (int)(times.Count * share))].TotalMilliseconds, 1);
    }
}
