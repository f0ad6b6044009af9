using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Networks;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Checkpoints;

/// <summary>The checkpoints of one run folder. One is there whole or not at all; a damaged one is found by its hash.</summary>
public sealed class CheckpointStore(RunFolder folder)
{
    // Besides the best one. Three, so that a damaged newest one costs little.
    private const int NewestKept = 3;

    /// <summary>Writes a checkpoint under a temporary name and renames it when the disk has all of it.</summary>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="IOException">The disk is full; no trace of the attempt is left.</exception>
    internal long Save(int step, LabNetwork network, OptimizerUpdate descent, BestCheckpoint? best) => SaveWhole(step, temporary => new()
    {
        Step = step,
        Network = network.Spec.Name,
        Best = best,
        WeightsHash = SafeTensors.Write(WeightsPath(temporary), network.WeightsByName()),
        OptimizerHash = SafeTensors.Write(OptimizerPath(temporary), descent.Buffers),
    });

    /// <summary>Writes a checkpoint of weights alone, which can be evaluated but not trained on.</summary>
    /// <exception cref="IOException">The disk is full; no trace of the attempt is left.</exception>
    internal void SaveWeights(int step, LabNetwork network) => SaveWhole(step, temporary => new()
    {
        Step = step,
        Network = network.Spec.Name,
        WeightsHash = SafeTensors.Write(WeightsPath(temporary), network.WeightsByName()),
    });

    /// <summary>Deletes all but the newest three and the best one.</summary>
    internal void Prune(BestCheckpoint? best)
    {
        foreach (var step in folder.CheckpointSteps().SkipLast(NewestKept))
        {
            if (step != best?.Step) Remove(step);
        }
    }

    /// <summary>Forgets everything, for a run that starts over.</summary>
    internal void Clear() => DeleteFolder(folder.CheckpointsPath);

    /// <summary>Fills network and optimizer from the newest checkpoint that is whole. Newer, damaged ones are deleted and logged.</summary>
    /// <returns>Its state; null when there is none, and then the network needs its initial weights again.</returns>
    internal CheckpointState? LoadNewest(LabNetwork network, OptimizerUpdate descent, Action<string> log)
    {
        DeleteLeftovers();
        foreach (var step in folder.CheckpointSteps().Reverse())
        {
            try
            {
                var state = folder.ReadCheckpoint(step);
                SafeTensors.ReadInto(folder.WeightsPath(step), state.WeightsHash, network.WeightsByName());
                SafeTensors.ReadInto(OptimizerPath(folder.CheckpointPath(step)), state.OptimizerHash ?? "", descent.Buffers);
                return state;
            }
            catch (InvalidDataException exception)
            {
                log($"The checkpoint of step {step} cannot be used, so the previous one is used. {exception.Message}");
                Remove(step);
            }
        }
        return null;
    }

    /// <summary>Fills a network's weights; the optimizer's buffers need not be there.</summary>
    /// <exception cref="InvalidDataException">No such checkpoint, or it is damaged, or another network's; the message names it.</exception>
    public CheckpointState LoadWeights(int step, LabNetwork network)
    {
        var state = folder.ReadCheckpoint(step);
        SafeTensors.ReadInto(folder.WeightsPath(step), state.WeightsHash, network.WeightsByName());
        return state;
    }

    /// <summary>Renames first: a process killed half-way through deleting leaves nothing that looks like a checkpoint.</summary>
    private void Remove(int step)
    {
        if (!Directory.Exists(folder.CheckpointPath(step))) return;

        var hidden = HiddenPath(step, "old");
        DeleteFolder(hidden);
        Directory.Move(folder.CheckpointPath(step), hidden);
        DeleteFolder(hidden);
    }

    private long SaveWhole(int step, Func<string, CheckpointState> write)
    {
        var temporary = HiddenPath(step, "part");
        try
        {
            DeleteFolder(temporary);
            Directory.CreateDirectory(temporary);
            var state = write(temporary);
            using (var file = new FileStream(StatePath(temporary), FileMode.CreateNew))
            {
                JsonSerializer.Serialize(file, state, LabJson.Document);
                file.Flush(flushToDisk: true);
            }
            Remove(step);
            Directory.Move(temporary, folder.CheckpointPath(step));
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            DeleteFolder(temporary);
            // .NET's word for a file that the system allows no longer to grow (ulimit -f, old file systems).
            if (exception is ArgumentOutOfRangeException) throw new IOException("The file would be too large here.", exception);
            throw;
        }
        return new DirectoryInfo(folder.CheckpointPath(step)).EnumerateFiles().Sum(file => file.Length);
    }

    private void DeleteLeftovers()
    {
        if (!Directory.Exists(folder.CheckpointsPath)) return;

        foreach (var leftover in Directory.EnumerateDirectories(folder.CheckpointsPath, ".step-*").ToList()) DeleteFolder(leftover);
    }

    private string HiddenPath(int step, string why) => Path.Combine(folder.CheckpointsPath, $".step-{step}.{why}");

    private static string WeightsPath(string checkpoint) => Path.Combine(checkpoint, "weights.safetensors");

    private static string OptimizerPath(string checkpoint) => Path.Combine(checkpoint, "optimizer.safetensors");

    private static string StatePath(string checkpoint) => Path.Combine(checkpoint, "state.json");

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }
}
