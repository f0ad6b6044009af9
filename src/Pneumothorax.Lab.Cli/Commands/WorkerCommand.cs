using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.DataDirectories;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab worker</c>: takes runs out of the portals' queue and trains them on this host, by the portal's own agent.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var slots = new Option<int?>("--slots")
        {
            HelpName = "N",
            Description = "Runs to train at the same time. Default: one per GPU, and one on a host without a GPU",
        };
        slots.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--slots must be a whole number of 1 or more.");
        });
        var dataDirectory = CommonOptions.DataDirectory();
        dataDirectory.Description = $"The portals' data directory, as this host sees it. Default: the setting {LabPaths.Variable}";
        var command = new Command("worker", $"Trains the runs that portals put in the queue. {LabDatabase.Setting} names their PostgreSQL database.") { slots, dataDirectory };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(slots), LabPaths.Resolve(parsed.GetValue(dataDirectory)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int? slots, LabPaths paths, CancellationToken cancellationToken)
    {
        var database = new LabDatabase(Environment.GetEnvironmentVariable(LabDatabase.Setting), "worker");
        if (!database.IsShared) throw new ArgumentException($"Set {LabDatabase.Setting} to the PostgreSQL database of the portals, such as Host=db;Database=lab;Username=lab;Password=...");
        if (!Directory.Exists(paths.DataDirectory)) throw new IOException($"There is no folder {paths.DataDirectory}. Mount the portals' data directory and give it with --data-directory.");
        DataDirectory.OpenToWrite(paths);

        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddEnvironmentVariables();      // the standard ones of OpenTelemetry
        builder.Logging.AddLabConsole(Environment.GetEnvironmentVariable(LabLogs.Setting));
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);      // said in one line by Program
        builder.Services.AddSingleton(paths);
        builder.Services.AddSingleton(new LabExecutable(typeof(WorkerCommand).Assembly.Location));
        var places = new GpuSlots(slots);
        builder.Services.AddSingleton(places);
        if (SilentSeconds() is { } seconds) builder.Services.AddSingleton(new SilenceLimit(TimeSpan.FromSeconds(seconds)));
        builder.Services.AddSingleton(new ThisHost(ThisHost.Worker));
        builder.Services.AddRuns(database);
        builder.AddTelemetryExport("pneumothorax-lab-worker");
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        Console.WriteLine($"Training for {database.Name}, {(places.Count == 1 ? "one run" : $"{places.Count} runs")} at a time; data in {paths.DataDirectory}. Press Ctrl+C to stop; runs continue on other hosts.");
        // Ctrl+C or SIGTERM.
        await Task.WhenAny(Task.Delay(Timeout.Infinite, cancellationToken));
        await host.StopAsync(CancellationToken.None);
        return 0;
    }

    private static int? SilentSeconds() => Environment.GetEnvironmentVariable(SilenceLimit.Setting) switch
    {
        null or "" => null,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => seconds,
        { } text => throw new ArgumentException($"{SilenceLimit.Setting} must be a whole number of seconds of 1 or more, not \"{text}\"."),
    };
}
