using System.CommandLine;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Weights;

namespace Pneumothorax.Lab.Cli.Commands;

/// <summary><c>lab export</c>: a checkpoint's weights for readers that do not have this program.</summary>
internal static class ExportCommand
{
    private const string Help =
        """
        Writes the weights of a checkpoint to a file that PyTorch and numpy read.

        Names and shapes are those of a PyTorch module's state_dict: stem.first, blocks.0.first, blocks.0.second, ... (residual blocks: blocks.0.0.first, ...),
        each with .weight (to, from, kernel, kernel) and, without normalization, .bias (to); firstNorm, secondNorm, shortcutNorm with .weight, .bias and, for batch
        normalization, .running_mean and .running_var (to); classifier.weight (2, channels) and classifier.bias (2). All values are float32.
        The metadata of a safetensors file contains the network, preprocessing, run and step; an npz file contains only arrays.
        content/pytorch/lab_network.py rebuilds the network in PyTorch and loads either.
        """;

    public static Command Create()
    {
        var run = CommonOptions.Run();
        var checkpoint = CommonOptions.Checkpoint();
        var format = new Option<string>("--format") { HelpName = WeightsFormats.Words, Description = "Format of the weights", Required = true };
        var output = new Option<string>("--output") { HelpName = "FILE", Description = "File to write; an existing file is replaced", Required = true };
        var command = new Command("export", Help) { run, checkpoint, format, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var kind = WeightsFormats.Find(parsed.GetRequiredValue(format));
            var folder = new RunFolder(parsed.GetRequiredValue(run));
            var step = parsed.GetValue(checkpoint) ?? folder.BestCheckpointStep();
            using var weights = ExportedWeights.Open(folder, step);

            var path = Path.GetFullPath(parsed.GetRequiredValue(output));
            await AtomicFile.WriteAsync(path, async temporary =>
            {
                await using var file = new FileStream(temporary, FileMode.Create, FileAccess.Write);
                if (kind == WeightsFormat.SafeTensors) await weights.WriteSafeTensorsAsync(file, cancellationToken);
                else weights.WriteNpz(file);
            });
            var numbers = weights.Entries.Sum(entry => entry.Shape.Aggregate(1L, (product, side) => product * side));
            await Console.Out.WriteLineAsync(FormattableString.Invariant($"{weights.Entries.Count} tensors, {numbers:N0} numbers, of the checkpoint of step {step}: {path}"));
            return 0;
        });
        return command;
    }
}
