using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Experiments.Weights;
using Pneumothorax.Lab.Learning.Networks;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Checkpoints;

/// <summary>Makes a run folder of weights that were trained or changed elsewhere.</summary>
public static class WeightsImport
{
    // PyTorch counts the batches that a batch normalization has seen; with a fixed share of the running mean nothing depends on it.
    private const string Ignored = ".num_batches_tracked";

    /// <summary>Writes <c>run.json</c> and one checkpoint, once every tensor is known to fit; a folder that cannot be finished is not left behind.</summary>
    /// <param name="spec">What the weights are of, with a network and hyperparameters that are in range.</param>
    /// <param name="step">Steps that the weights were trained for; 0 where nobody knows.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, superfluous, or of another shape or type; the message names file and tensor.</exception>
    /// <exception cref="ArgumentException">The folder holds a run already.</exception>
    public static void Import(WeightsFile file, RunSpec spec, int step, RunFolder folder)
    {
        if (File.Exists(folder.SpecPath)) throw new ArgumentException($"{folder.Path} already contains a run. Choose another --output.");

        using var network = new LabNetwork(spec.ResolveNetwork(), spec.Hyperparameters.Seed);
        Fill(network, file);
        new CheckpointStore(folder).SaveWeights(step, network);
        // Last, since this is what makes the folder a run.
        folder.WriteSpec(spec with { ImportedFrom = Path.GetFileName(file.Path) });
    }

    private static void Fill(LabNetwork network, WeightsFile file)
    {
        var targets = network.WeightsByName();
        var missing = targets.Keys.Where(name => !file.Entries.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidDataException(
                $"{file.Path} has no \"{missing[0]}\" of shape {WeightsEntry.Words(targets[missing[0]].shape)}{AndMore(missing)}, so it does not belong to the chosen network.");
        }
        var superfluous = file.Entries.Keys.Where(name => !targets.ContainsKey(name) && !name.EndsWith(Ignored, StringComparison.Ordinal)).ToList();
        if (superfluous.Count > 0)
        {
            throw new InvalidDataException(
                $"{file.Path} has \"{WeightsEntry.Shown(superfluous[0])}\"{AndMore(superfluous)}, which the chosen network does not have.");
        }
        foreach (var (name, target) in targets)
        {
            var shape = file.Entries[name].Shape;
            if (!shape.SequenceEqual(target.shape))
                throw new InvalidDataException($"{file.Path}: \"{name}\" has the shape {WeightsEntry.Words(shape)}, and the network needs {WeightsEntry.Words(target.shape)}.");
        }
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, target) in targets) target.copy_(tensor(file.Read(name), target.shape));
    }

    private static string AndMore(List<string> names) => names.Count > 1 ? $" and {names.Count - 1} more" : "";
}
