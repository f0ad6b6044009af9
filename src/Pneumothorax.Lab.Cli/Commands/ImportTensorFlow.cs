using System.CommandLine;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Checkpoints;
using Pneumothorax.Lab.Learning.Checkpoints.TensorFlow;
using Pneumothorax.Lab.Learning.Native;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab import tf-checkpoint</c>: the exercise's own trained model as a run folder.</summary>
internal static class ImportTensorFlow
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "TensorFlow's name of the checkpoint, such as model.ckpt; its .index and .data files must be in one folder" };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "Name of the run. Default: the name of the folder" };
        var dataset = new Option<string>("--dataset") { HelpName = "NAME", Description = "Data set that lab evaluate tests it on", DefaultValueFactory = _ => "phantom" };
        var step = new Option<int>("--step") { HelpName = "N", Description = "Steps that the weights were trained for, if known" };
        var output = new Option<string>("--output") { HelpName = "DIR", Description = "New folder for the run", Required = true };
        var command = new Command("tf-checkpoint", "Imports the exercise's trained network from TensorFlow's checkpoint.") { file, name, dataset, step, output };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(step) is var at && (at < 0 || at > Ranges.Steps.Most)) throw new ArgumentException(FormattableString.Invariant($"The step must be from 0 to {Ranges.Steps.Most}, not {at}."));

            var folder = new RunFolder(parsed.GetRequiredValue(output));
            foreach (var end in (string[])["", ".index"]) RegularFile.Check(parsed.GetRequiredValue(file) + end);
            using var checkpoint = TensorFlowCheckpoint.Open(parsed.GetRequiredValue(file));
            TorchHost.Prepare();
            WeightsImport.Import(checkpoint, new() { Name = parsed.GetValue(name) ?? Path.GetFileName(folder.Path), Dataset = parsed.GetValue(dataset)!, Network = NetworkSpec.Lab.Name }, at, folder);
            Console.WriteLine($"{folder.Path} now contains the weights of {checkpoint.Path}. Try them: lab predict --run {folder.Path} --image FILE");
        });
        return command;
    }
}
