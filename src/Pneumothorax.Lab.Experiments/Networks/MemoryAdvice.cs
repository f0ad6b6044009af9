using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Networks;

/// <summary>Which batch size fits into some memory, in words, for a run that needs more than there is.</summary>
public static class MemoryAdvice
{
    // The estimate is within a quarter of what was measured; half of that on the safe side, and a message that helps at once in most cases.
    private const double Share = 0.87;

    // The estimate said that it fits, and it did not.
    private const double WhereWrong = 0.75;

    /// <summary>For a run that ran out of memory.</summary>
    /// <param name="network">With its variations.</param>
    /// <param name="free">Bytes that training could take when it began.</param>
    public static string Of(NetworkSpec network, Hyperparameters hyperparameters, long free)
    {
        var fits = Math.Min(LargestBatch(network, hyperparameters, free), (long)(WhereWrong * hyperparameters.BatchSize));
        var needs = $"a batch of {hyperparameters.BatchSize} needs about {Gigabytes(network.TrainingBytes(hyperparameters))}, but only {Gigabytes(free)} were free.";
        return fits >= 1
            ? $"{needs} A batch size of {fits} would fit."
            : $"{needs} Not even a single image fits: choose a smaller network or input size.";
    }

    /// <returns>The largest batch that surely fits; 0 where not one image does.</returns>
    public static long LargestBatch(NetworkSpec network, Hyperparameters hyperparameters, long bytes) =>
        Math.Max(0, Math.Min(network.LargestBatch(hyperparameters, (long)(Share * bytes)), (long)Ranges.BatchSize.Most));

    /// <returns>"71.8 GB".</returns>
    public static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0} GB");

    /// <returns>Whether a line that a process wrote says that there was no memory: in the words of torch, its libraries, the C++ and the .NET runtime.</returns>
    public static bool Tells(string line) => s_words.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] s_words = ["out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory", "bad_alloc", "OutOfMemoryException"];
}
