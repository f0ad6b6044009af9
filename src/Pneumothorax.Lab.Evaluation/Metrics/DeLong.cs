namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Area and its standard deviation from <see cref="Placements"/>; from differences of placements, those of a difference of areas.</summary>
/// <remarks>Source: DeLong et al., Biometrics 44 (1988).</remarks>
internal static class DeLong
{
    /// <param name="below">One a positive, counted in negatives; one or more.</param>
    /// <param name="above">One a negative, counted in positives; one or more.</param>
    public static double Area(ReadOnlySpan<double> below, ReadOnlySpan<double> above) => Sum(below) / ((double)below.Length * above.Length);

    /// <inheritdoc cref="Area"/>
    /// <param name="below">Two or more.</param>
    /// <param name="above">Two or more.</param>
    /// <returns>Exactly 0 where neither varies.</returns>
    public static double Deviation(ReadOnlySpan<double> below, ReadOnlySpan<double> above)
    {
        double positives = below.Length, negatives = above.Length;
        return Math.Sqrt(Variance(below) / positives / (negatives * negatives) + Variance(above) / negatives / (positives * positives));
    }

    /// <returns>Sample variance, with n - 1 below.</returns>
    private static double Variance(ReadOnlySpan<double> values)
    {
        var mean = Sum(values) / values.Length;
        var squares = 0.0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return squares / (values.Length - 1);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }
}
