using System.CommandLine;
using Pneumothorax.Lab.Cli.Commands.Training;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Evaluation.Metrics;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Evaluation;
using Pneumothorax.Lab.Learning.Native;
using Pneumothorax.Lab.Learning.Training;
using Pneumothorax.Lab.Storage.DataDirectories;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab evaluate</c>: a checkpoint's figures on the whole test split.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var checkpoint = CommonOptions.Checkpoint();
        var supervised = new Option<bool>("--supervised")
        {
            Description = "Read \"stop\" from standard input, end when it closes, and report progress as JSON lines (for the portal)",
        };
        var device = CommonOptions.Device();
        var dataDirectory = CommonOptions.DataDirectory();
        var command = new Command("evaluate", "Evaluates a run's checkpoint on the test split and writes its evaluation.h5 and the statistics for detecting images of another kind.") { run, checkpoint, supervised, device, dataDirectory };
        command.SetAction(parsed =>
        {
            using var stop = new StopSignal();
            var folder = new RunFolder(parsed.GetRequiredValue(run));
            DataDirectory.RequireOwn(folder.Path);
            if (parsed.GetValue(supervised)) return ForAgent(folder, parsed.GetValue(dataDirectory), parsed.GetValue(device), stop);

            using var store = new DatasetStore(LabPaths.Resolve(parsed.GetValue(dataDirectory)).Datasets);
            var progress = new ConsoleProgress(folder, Console.Error, isTerminal: !Console.IsErrorRedirected, TimeProvider.System);
            var job = JobOf(folder, store, parsed.GetValue(device), progress.Show);
            var evaluation = Evaluator.Evaluate(job, parsed.GetValue(checkpoint), stop.Token);
            evaluation.Write(folder.EvaluationPath);
            FeatureStatistics.Write(job, evaluation.Info.CheckpointStep, stop.Token);
            progress.End();
            Print(evaluation);
            Console.WriteLine($"Written to {folder.EvaluationPath}. Teaching only, not for diagnosis.");
            return 0;
        });
        return command;
    }

    /// <summary>The portal's run is complete with it.</summary>
    private static int ForAgent(RunFolder folder, string? dataDirectory, string? device, StopSignal stop)
    {
        stop.ListenTo(Console.In);
        ProcessLimits.Apply();
        var events = new EventWriter(Console.OpenStandardOutput());
        var pulse = new Pulse(TimeProvider.System);
        using var heartbeat = new Heartbeat(pulse, events.Write);
        try
        {
            using var store = new DatasetStore(LabPaths.Resolve(dataDirectory).Datasets);
            return TrainingExecutor.Evaluate(JobOf(folder, store, device, events.Write, pulse), stop.Token) ? 0 : 1;
        }
        catch (Exception exception) when (Refusal.Of(exception) is { } reason)
        {
            events.Write(new TrainingFailed(reason, null));
            throw;
        }
    }

    private static TrainingContext JobOf(RunFolder folder, DatasetStore store, string? device, Action<TrainingEvent> report, Pulse? pulse = null)
    {
        var spec = folder.ReadSpec();
        var dataset = store.Open(spec.Dataset);
        TorchHost.Prepare();
        return new()
        {
            Folder = folder,
            Spec = spec,
            Network = spec.ResolveNetwork(),
            Dataset = dataset,
            Device = TrainingDevice.Choose(device),
            Report = report,
            Pulse = pulse,
        };
    }

    private static void Print(EvaluationFile evaluation)
    {
        var probabilities = Enumerable.Range(0, evaluation.Count).Select(i => evaluation.Probabilities[2 * i + 1]).ToArray();
        var auroc = Auroc.Compute(evaluation.Labels, probabilities);
        Console.WriteLine($"Checkpoint of step {evaluation.Info.CheckpointStep} on {evaluation.Count} test images of {evaluation.Info.Dataset}");
        Console.WriteLine($"accuracy           {Number(Accuracy.Compute(evaluation.Labels, evaluation.Logits))}");
        Console.WriteLine($"AUROC              {Number(auroc.Value)}  (95 % interval {Number(auroc.Low)} to {Number(auroc.High)})");
        Console.WriteLine($"average precision  {Number(AveragePrecision.Compute(evaluation.Labels, probabilities))}");
        Console.WriteLine($"Brier score        {Number(BrierScore.Compute(evaluation.Labels, probabilities))}");
    }

    private static string Number(double? value) => value is { } number ? $"{number:0.0000}" : "undefined";
}
