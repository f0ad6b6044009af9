namespace Pneumothorax.Lab.Experiments.Curves;

/// <summary>Makes the trend of a noisy curve visible.</summary>
public static class Smoothing
{
    /// <summary>Exponential moving average, divided by the weight gathered so far so that the start is not drawn towards 0.</summary>
    /// <param name="factor">Share kept of the past at each value: 0 leaves the curve as it is, values near 1 smooth strongly; below 1.</param>
    /// <returns>As many values; a value that is not finite stays as it is and leaves the average alone.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not in 0..1, or is 1.</exception>
    public static double[] Ema(ReadOnlySpan<double> values, double factor)
    {
        if (!(factor is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "The smoothing factor is at least 0 and below 1.");

        var smooth = new double[values.Length];
        double average = 0, weight = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                smooth[i] = values[i];
                continue;
            }
            average = factor * average + (1 - factor) * values[i];
            weight = factor * weight + (1 - factor);
            smooth[i] = average / weight;
        }
        return smooth;
    }
}
