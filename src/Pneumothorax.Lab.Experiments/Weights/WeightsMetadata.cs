using System.Globalization;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Weights;

/// <summary>What an exported safetensors file says of itself, under <c>__metadata__</c>: all values are text, those with structure JSON.</summary>
public static class WeightsMetadata
{
    private const string Run = "run";
    private const string Step = "step";

    internal static IReadOnlyDictionary<string, string> Of(RunSpec spec, int step)
    {
        var network = spec.ResolveNetwork();
        return new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["note"] = "Teaching only, not for diagnosis.",
            ["network"] = JsonSerializer.Serialize(
                new
                {
                    network.Name,
                    network.InputSize,
                    network.Stem,
                    network.Blocks,
                    network.Skip,
                    network.Normalization,
                    Classes = new[] { "no pneumothorax", "pneumothorax" },
                },
                LabJson.Line),
            ["preprocessing"] = JsonSerializer.Serialize(
                new
                {
                    Size = network.InputSize,
                    Shrink = "mean of k x k pixels, grey values 0 to 255",
                    Mean = "each image's own",
                    Sd = FormattableString.Invariant($"each image's own, over all its pixels, at least 1/{network.InputSize}"),
                },
                LabJson.Line),
            [Run] = JsonSerializer.Serialize(spec, LabJson.Line),
            [Step] = step.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <returns>The run and step that the weights were exported from; null where the file does not say.</returns>
    /// <exception cref="InvalidDataException">It says something that is no run.</exception>
    public static (RunSpec Run, int Step)? Origin(WeightsFile file)
    {
        if (!file.Metadata.TryGetValue(Run, out var run)) return null;
        try
        {
            var spec = JsonSerializer.Deserialize<RunSpec>(run, LabJson.Line);
            var known = int.TryParse(file.Metadata.GetValueOrDefault(Step), NumberStyles.None, CultureInfo.InvariantCulture, out var step);
            return spec is { Name: not null, Dataset: not null, Network: not null, Hyperparameters: not null } && known
                ? (spec, step)
                : throw new InvalidDataException($"{file.Path} says that it comes from a run, but not which step or network.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file.Path} has damaged metadata about its run: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }
}
