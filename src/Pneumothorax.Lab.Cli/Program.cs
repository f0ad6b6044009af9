using System.CommandLine;
using Pneumothorax.Lab.Cli.Commands;
using Pneumothorax.Lab.Cli.Commands.Bench;
using Pneumothorax.Lab.Experiments;

var root = new RootCommand("Trains and explains pneumothorax detectors on chest X-rays. Teaching only, not for diagnosis.")
{
    DataCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    PredictCommand.Create(),
    BenchCommand.Create(),
    ExportCommand.Create(),
    ImportCommand.Create(),
    WorkerCommand.Create(),
    BackupCommand.CreateBackup(),
    BackupCommand.CreateRestore(),
};

try
{
    // Before anything is parsed, so that no verb has to think of it.
    for (var at = 0; at < args.Length; at++)
    {
        if (InputText.Fault(args[at]) is { } fault) throw new ArgumentException($"Argument {at + 1} {fault}");
    }
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // A worker that is asked to end puts its runs back into the queue first.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(18),
    });
}
catch (OperationCanceledException)
{
    return 130;
}
catch (Exception exception) when (Refusal.Of(exception) is { } reason)
{
    await Console.Error.WriteLineAsync($"lab: {reason}");
    return 1;
}
