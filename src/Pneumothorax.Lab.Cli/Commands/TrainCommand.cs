using System.CommandLine;
using Pneumothorax.Lab.Cli.Commands.Training;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Native;
using Pneumothorax.Lab.Learning.Training;
using Pneumothorax.Lab.Storage.DataDirectories;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab train</c>: for a person with <c>--output</c>, for the portal's agent with <c>--run</c>.</summary>
internal sealed class TrainCommand
{
    private readonly Option<string?> _dataset = new("--dataset") { HelpName = "NAME", Description = "Registered data set; lab data list shows them" };
    private readonly Option<string> _network = new("--network")
    {
        HelpName = string.Join('|', NetworkSpec.All.Select(network => network.Name)),
        Description = "Network to train",
        DefaultValueFactory = _ => NetworkSpec.Lite.Name,
    };
    private readonly HyperparameterOptions _hyperparameters = new();
    private readonly Option<string?> _output = new("--output") { HelpName = "DIR", Description = "New folder for the run" };
    private readonly Option<string?> _run = new("--run") { HelpName = "DIR", Description = "Folder that already contains a run.json, instead of --dataset and --output" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Continue from the newest checkpoint, if there is one" };
    private readonly Option<bool> _supervised = new("--supervised")
    {
        Description = "Read \"stop\" from standard input, end when it closes (with --run, for the portal)",
    };
    private readonly Option<string?> _device = CommonOptions.Device();
    private readonly Option<string?> _dataDirectory = CommonOptions.DataDirectory();

    public static Command Create()
    {
        var train = new TrainCommand();
        var command = new Command("train", "Trains a network, evaluates its best checkpoint, and records everything in a run folder.");
        Option[] options = [train._dataset, train._network, .. train._hyperparameters.All, train._output, train._run, train._resume, train._supervised, train._device, train._dataDirectory];
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(train.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using var stop = new StopSignal();
        if (parsed.GetValue(_run) is { } path)
        {
            if (parsed.GetValue(_output) is not null || parsed.GetValue(_dataset) is not null)
                throw new ArgumentException("--run takes everything from the folder's run.json and cannot be combined with --output or --dataset.");
            DataDirectory.RequireOwn(path);
            return ForAgent(parsed, new(path), stop);
        }
        if (parsed.GetValue(_supervised)) throw new ArgumentException("--supervised needs --run.");
        return ForPerson(parsed, stop);
    }

    private int ForAgent(ParseResult parsed, RunFolder folder, StopSignal stop)
    {
        if (parsed.GetValue(_supervised)) stop.ListenTo(Console.In);
        ProcessLimits.Apply();
        var events = new EventWriter(Console.OpenStandardOutput());
        var pulse = new Pulse(TimeProvider.System);
        using var heartbeat = new Heartbeat(pulse, events.Write);
        try
        {
            var spec = folder.ReadSpec();
            return Train(parsed, folder, spec, events.Write, stop, pulse);
        }
        catch (Exception exception) when (Refusal.Of(exception) is { } reason)
        {
            events.Write(new TrainingFailed(reason, null));
            throw;
        }
    }

    private int ForPerson(ParseResult parsed, StopSignal stop)
    {
        if (parsed.GetValue(_output) is not { } path) throw new ArgumentException("Give a folder for the run with --output DIR.");
        if (parsed.GetValue(_dataset) is not { } dataset) throw new ArgumentException("Give a data set with --dataset NAME. lab data list shows those available.");

        var folder = new RunFolder(path);
        var spec = new RunSpec
        {
            Name = Path.GetFileName(folder.Path),
            Dataset = dataset,
            Network = NetworkSpec.Find(parsed.GetValue(_network)!).Name,
            Hyperparameters = _hyperparameters.Read(parsed),
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        if (File.Exists(folder.SpecPath)) spec = Continued(folder, spec, parsed.GetValue(_resume));

        var progress = new ConsoleProgress(folder, Console.Out, isTerminal: !Console.IsOutputRedirected, TimeProvider.System);
        return Train(parsed, folder, spec, Report, stop);

        void Report(TrainingEvent happened)
        {
            progress.Show(happened);
            if (happened is TrainingFailed failed) Console.Error.WriteLine($"lab: {failed.Message}");
        }
    }

    private int Train(ParseResult parsed, RunFolder folder, RunSpec spec, Action<TrainingEvent> report, StopSignal stop, Pulse? pulse = null)
    {
        HyperparameterOptions.Check(spec);
        using var store = new DatasetStore(LabPaths.Resolve(parsed.GetValue(_dataDirectory)).Datasets);
        var dataset = store.Open(spec.Dataset);
        spec = spec with { Hyperparameters = spec.Hyperparameters.Resolve(dataset[SplitName.Train].TrainingRows.Count) };

        TorchHost.Prepare();
        var job = new TrainingContext
        {
            Folder = folder,
            Spec = spec,
            Network = spec.ResolveNetwork(),
            Dataset = dataset,
            Device = TrainingDevice.Choose(parsed.GetValue(_device)),
            Resume = parsed.GetValue(_resume),
            Report = report,
            Pulse = pulse,
        };
        return TrainingExecutor.Run(job, stop.Token) ? 0 : 1;
    }

    /// <returns>What the folder's run was started with.</returns>
    /// <exception cref="ArgumentException">The folder is taken, or the options describe another run than the one in it.</exception>
    private static RunSpec Continued(RunFolder folder, RunSpec asked, bool resume)
    {
        if (!resume) throw new ArgumentException($"{folder.Path} already contains a run. Choose another --output, or continue it with --resume.");

        var stored = folder.ReadSpec();
        var differences = new List<string>();
        if (stored.Dataset != asked.Dataset) differences.Add($"data set {stored.Dataset}, not {asked.Dataset}");
        if (stored.Network != asked.Network) differences.Add($"network {stored.Network}, not {asked.Network}");
        differences.AddRange(
            from info in Ranges.All
            // The stored steps may come from the epochs that are asked for now: only the data set can tell.
            where !(asked.Hyperparameters.Epochs is not null && (info == Ranges.Steps || info == Ranges.Epochs))
            let was = info.Word(stored.Hyperparameters)
            let now = info.Word(asked.Hyperparameters)
            where was != now
            select $"{info.Title.ToLowerInvariant()} {was}, not {now}");
        return differences.Count == 0
            ? stored
            : throw new ArgumentException($"{folder.Path} was started with {string.Join("; ", differences)}. Resume with the same options.");
    }
}
