using System.Globalization;
using System.Text.RegularExpressions;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Which batch size would have fitted, for a run that ran out of memory.</summary>
internal static partial class MemoryAdvice
{
    // The estimate is within a quarter of what was measured; half of that on the safe side, and a message that helps at once in most cases.
    private const double Share = 0.87;

    // The estimate said that it fits, and it did not.
    private const double WhereWrong = 0.75;

    /// <param name="network">With its variations.</param>
    /// <param name="free">Bytes that training could take on this device when it began.</param>
    public static string Of(NetworkSpec network, Hyperparameters hyperparameters, long free)
    {
        var batch = hyperparameters.BatchSize;
        var fits = Math.Min(network.LargestBatch(hyperparameters, (long)(Share * free)), (long)(WhereWrong * batch));
        var needs = $"a batch of {batch} needs about {Gigabytes(network.TrainingBytes(hyperparameters))}, and {Gigabytes(free)} were free.";
        return fits >= 1
            ? $"{needs} A batch size of {fits} would fit."
            : $"{needs} Not even a single image fits: choose a smaller network or input size.";
    }

    /// <param name="message">torch's own about a GPU: it names what the device has, what is free and what this process holds.</param>
    /// <param name="resident">Bytes of images that lie on the device.</param>
    /// <returns>Bytes that training could take; null where the message says something else.</returns>
    public static long? FreeOnGpu(string message, long resident) =>
        Free().Match(message) is { Success: true } free && Allocated().Match(message) is { Success: true } allocated && Reserved().Match(message) is { Success: true } reserved
            ? Bytes(free) + Bytes(allocated) + Bytes(reserved) - resident
            : null;

    private static long Bytes(Match match) =>
        (long)(double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * match.Groups["unit"].Value switch
        {
            "GiB" => 1L << 30,
            "MiB" => 1L << 20,
            "KiB" => 1L << 10,
            _ => 1L,
        });

    private static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0} GB");

    [GeneratedRegex(@"of which (?<number>[\d.]+) (?<unit>\w+) is free")]
    private static partial Regex Free();

    [GeneratedRegex(@"(?<number>[\d.]+) (?<unit>\w+) is allocated by PyTorch")]
    private static partial Regex Allocated();

    [GeneratedRegex(@"(?<number>[\d.]+) (?<unit>\w+) is reserved by PyTorch but unallocated")]
    private static partial Regex Reserved();
}
