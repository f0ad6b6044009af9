using System.CommandLine;
using Pneumothorax.Lab.Cli.Commands.Training;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Weights;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Native;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab import</c>: weights from elsewhere as a run folder; one verb a format.</summary>
internal static class ImportCommand
{
    public static Command Create() => new("import", "Creates a run folder from weights trained elsewhere, for lab evaluate and lab predict.")
    {
        new FileImport(WeightsFormat.SafeTensors).Create("safetensors", "Imports a safetensors file written by lab export or safetensors.torch.save_file."),
        ImportTensorFlow.Create(),
        new FileImport(WeightsFormat.Npz).Create("npz", "Imports arrays written by numpy.savez under the names of lab export."),
    };

    private sealed class FileImport(WeightsFormat format)
    {
        private readonly Argument<string> _file = new("FILE") { Description = "File with the weights; lab export --help lists their names" };
        private readonly Option<string?> _network = new("--network")
        {
            HelpName = $"{string.Join('|', NetworkSpec.All.Select(network => network.Name))}|FILE.json",
            Description = "Network of the weights, or the run.json of a run with that network. Default: the network stated in a safetensors file",
        };
        private readonly HyperparameterOptions _shape = new(HyperparameterGroup.Network);
        private readonly Option<string?> _name = new("--name") { HelpName = "NAME", Description = "Name of the run. Default: the name of the folder" };
        private readonly Option<string?> _dataset = new("--dataset")
        {
            HelpName = "NAME",
            Description = "Data set that lab evaluate tests it on. Default: the data set stated in a safetensors file, else phantom",
        };
        private readonly Option<int?> _step = new("--step")
        {
            HelpName = "N",
            Description = "Steps that the weights were trained for. Default: the steps stated in a safetensors file, else 0",
        };
        private readonly Option<string> _output = new("--output") { HelpName = "DIR", Description = "New folder for the run", Required = true };

        public Command Create(string verb, string description)
        {
            var command = new Command(verb, description) { _file, _network };
            foreach (var option in _shape.All) command.Options.Add(option);
            foreach (var option in new Option[] { _name, _dataset, _step, _output }) command.Options.Add(option);
            command.SetAction(Run);
            return command;
        }

        private void Run(ParseResult parsed)
        {
            var folder = new RunFolder(parsed.GetRequiredValue(_output));
            RegularFile.Check(parsed.GetRequiredValue(_file));
            using var file = WeightsFile.Open(parsed.GetRequiredValue(_file), format);
            var (spec, step) = Describe(parsed, file);
            HyperparameterOptions.Check(spec);
            spec = spec with { Name = parsed.GetValue(_name) ?? Path.GetFileName(folder.Path) };
            if (parsed.GetValue(_dataset) is { } dataset && dataset != spec.Dataset) spec = spec with { Dataset = dataset, DatasetHash = null };
            step = parsed.GetValue(_step) ?? step;
            if (step < 0 || step > Ranges.Steps.Most) throw new ArgumentException(FormattableString.Invariant($"The step must be from 0 to {Ranges.Steps.Most}, not {step}."));

            TorchHost.Prepare();
            WeightsImport.Import(file, spec, step, folder);
            Console.WriteLine($"{folder.Path} now contains the weights of {file.Path}. Try them: lab predict --run {folder.Path} --image FILE");
        }

        /// <returns>The run that the weights are of, as far as it is known, and its step.</returns>
        private (RunSpec Spec, int Step) Describe(ParseResult parsed, WeightsFile file)
        {
            var origin = WeightsMetadata.Origin(file);
            if (parsed.GetValue(_network) is not { } network)
            {
                return origin ?? throw new ArgumentException(
                    $"{file.Path} does not say which network it belongs to. Give --network {string.Join('|', NetworkSpec.All.Select(spec => spec.Name))} or a run.json.");
            }
            var step = origin?.Step ?? 0;
            RegularFile.Check(network);
            if (network.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return (RunFolder.ReadSpec(network), step);
            return (new() { Name = "", Dataset = origin?.Run.Dataset ?? "phantom", Network = NetworkSpec.Find(network).Name, Hyperparameters = _shape.Read(parsed) }, step);
        }
    }
}
