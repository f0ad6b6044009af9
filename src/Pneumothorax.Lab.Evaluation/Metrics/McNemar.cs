namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Two models' answers to the same images, counted by which of the two is right.</summary>
public readonly record struct PairedAnswerCounts(int BothRight, int OnlyFirst, int OnlySecond, int BothWrong)
{
    public int Total => BothRight + OnlyFirst + OnlySecond + BothWrong;

    /// <exception cref="ArgumentException">Not as many answers as labels.</exception>
    public static PairedAnswerCounts Of(ReadOnlySpan<byte> labels, ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        if (labels.Length != first.Length || labels.Length != second.Length)
            throw new ArgumentException($"{labels.Length} labels do not go with {first.Length} and {second.Length} answers.");

        int both = 0, onlyFirst = 0, onlySecond = 0, none = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            switch (first[i] == (labels[i] == 1), second[i] == (labels[i] == 1))
            {
                case (true, true): both++; break;
                case (true, false): onlyFirst++; break;
                case (false, true): onlySecond++; break;
                default: none++; break;
            }
        }
        return new(both, onlyFirst, onlySecond, none);
    }
}

/// <summary>McNemar's exact test: is one of two models right more often than the other on the same images?</summary>
/// <remarks>
/// Images on which both are right, or both wrong, say nothing about that. Were the two equally good, each of the others would favour either
/// like a coin. The exact test needs no lower limit on how many there are, as the one by chi-squared does.
/// Source: McNemar, Psychometrika 12 (1947).
/// </remarks>
public static class McNemar
{
    /// <returns>Two-sided chance, 0..1, of a split at least as uneven; 1 where there is no image to tell them apart.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    public static double ExactP(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        var (tosses, fewer) = (onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));
        if (onlyFirst == onlySecond) return 1;

        // The largest term by logarithms, since C(100000, 500) fits no double, and the others by their ratio to it.
        var largest = -tosses * Math.Log(2);
        for (var i = 1; i <= fewer; i++) largest += Math.Log((double)(tosses - fewer + i) / i);
        double term = 1, sum = 1;
        for (var i = fewer; i > 0 && term > 1e-18 * sum; i--) sum += term *= (double)i / (tosses - i + 1);
        return Math.Min(1, 2 * sum * Math.Exp(largest));
    }
}
