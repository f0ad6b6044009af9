using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Pneumothorax.Lab.Cli.Tests.Training;
using Pneumothorax.Lab.Experiments.Runs;

[assembly: AssemblyFixture(typeof(LabTraining))]

namespace Pneumothorax.Lab.Cli.Tests.Training;

/// <summary>Runs the real <c>lab</c> as a process of its own, on forty drawn X-rays.</summary>
public sealed class LabTraining : IDisposable
{
    public static readonly Hyperparameters Brief = new() { BatchSize = 2, LearningRate = 0.01, Steps = 12, ValidationEvery = 4, CheckpointEvery = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("lab-training-").FullName;
    private readonly Lazy<RunFolder> _whole;
    private int _runs;

    public LabTraining()
    {
        _whole = new(() =>
        {
            var folder = NewRun(Brief);
            Assert.Equal(0, Finish(Start("train", "--run", folder.Path)).ExitCode);
            return folder;
        });
        Assert.Equal(0, Finish(Start("data", "phantom", "phantoms", "--images", "40", "--seed", "1")).ExitCode);
    }

    public string DataDirectory => _folder;

    /// <summary>A run of <see cref="Brief"/> that nobody disturbed.</summary>
    public RunFolder Whole => _whole.Value;

    public string NewPath() => Path.Combine(_folder, $"run-{Interlocked.Increment(ref _runs)}");

    public RunFolder NewRun(Hyperparameters hyperparameters)
    {
        var folder = new RunFolder(NewPath());
        folder.WriteSpec(new() { Name = "test", Dataset = "phantoms", Network = "lite", Hyperparameters = hyperparameters });
        return folder;
    }

    private static string Executable =>
        typeof(LabTraining).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "LabExecutable").Value!;

    public Process Start(params string[] arguments) => StartProgram("dotnet", [Executable, .. arguments]);

    /// <param name="setting">The connection string; null to leave it unset.</param>
    public Process StartWorker(string? setting, params string[] arguments) => StartProgram("dotnet", [Executable, "worker", .. arguments], setting);

    /// <summary>A worker on a disk that takes no file above a megabyte; a checkpoint of the lite network is larger.</summary>
    public Process StartWorkerWithQuota(string setting) => StartWorkerAfter("trap '' XFSZ; ulimit -f 1000; export DOTNET_EnableWriteXorExecute=0", setting);

    /// <param name="lines">Of bash, which set something for the worker that takes its place.</param>
    public Process StartWorkerAfter(string lines, string setting) =>
        StartProgram("bash", ["-c", $"{lines}; exec dotnet \"$@\"", "test", Executable, "worker", "--slots", "1"], setting);

    /// <returns>The process that trains for a worker, as soon as there is one. Its number is the test's to keep: the process may go at any time.</returns>
    public static async Task<int> TrainerOfAsync(Process worker)
    {
        for (var attempt = 0; ; attempt++)
        {
            foreach (var process in Process.GetProcesses())
            {
                using (process)
                {
                    var (status, command) = (ReadOf(process.Id, "status"), ReadOf(process.Id, "cmdline"));
                    if (status.Contains($"\nPPid:\t{worker.Id}\n", StringComparison.Ordinal) && command.Contains("\0train\0", StringComparison.Ordinal)) return process.Id;
                }
            }
            Assert.True(attempt < 600, "The worker has no process that trains after a minute.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    public static bool IsAlive(int process) => ReadOf(process, "status") is { Length: > 0 } status && !status.Contains("State:\tZ", StringComparison.Ordinal);

    /// <returns>Empty where the process is gone.</returns>
    private static string ReadOf(int process, string file)
    {
        try { return File.ReadAllText($"/proc/{process}/{file}"); }
        catch (IOException) { return ""; }
    }

    /// <summary>Runs lines of bash in which <c>lab</c> is the command under test.</summary>
    /// <param name="wrapper">A program that starts bash in surroundings of its own, such as <c>unshare</c>.</param>
    public (int ExitCode, string Output, string Errors) Bash(string script, string[] arguments, params string[] wrapper)
    {
        string[] all = [.. wrapper, "bash", "-c", $"lab() {{ dotnet '{Executable}' \"$@\"; }}\n{script}", "test", .. arguments];
        return Finish(StartProgram(all[0], all[1..]));
    }

    private Process StartProgram(string program, string[] arguments, string? database = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[LabPaths.Variable] = _folder;
        if (database is not null) start.Environment["ConnectionStrings__Lab"] = database;
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end of a process, its standard input still open.</summary>
    public static (int ExitCode, string Output, string Errors) Finish(Process process)
    {
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
    }

    public static TrainingEvent? ReadEvent(Process process) =>
        process.StandardOutput.ReadLine() is { } line ? JsonSerializer.Deserialize<TrainingEvent>(line, LabJson.Line) : null;

    /// <summary>Reads events until one fits.</summary>
    public static TrainingEvent? ReadUntil(Process process, Func<TrainingEvent, bool> fits)
    {
        while (ReadEvent(process) is { } happened)
        {
            if (fits(happened)) return happened;
        }
        return null;
    }

    public static IReadOnlyList<TrainingEvent> Events(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<TrainingEvent>(line, LabJson.Line)!)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
