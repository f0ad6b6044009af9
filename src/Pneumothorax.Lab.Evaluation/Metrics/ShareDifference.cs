namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>How far one share lies above another, of other images, with its 95 % interval.</summary>
/// <param name="Difference">-1..1.</param>
/// <remarks>Source: Newcombe, Statistics in Medicine 17 (1998) 873, method 10: the Wilson intervals of both, put together.</remarks>
public readonly record struct ShareDifference(double Difference, double Low, double High)
{
    /// <summary>Whether the two may well be equal.</summary>
    public bool IsWithinDoubt => Low <= 0 && High >= 0;

    /// <returns>Of the second share less the first; null when either total is 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or successes outside 0..total.</exception>
    public static ShareDifference? Between((int Successes, int Total) first, (int Successes, int Total) second)
    {
        if (WilsonInterval.Of(first.Successes, first.Total) is not { } a || WilsonInterval.Of(second.Successes, second.Total) is not { } b) return null;

        double from = (double)first.Successes / first.Total, to = (double)second.Successes / second.Total;
        return new(to - from, to - from - Length(to - b.Low, a.High - from), to - from + Length(b.High - to, from - a.Low));

        static double Length(double x, double y) => Math.Sqrt(x * x + y * y);
    }
}
