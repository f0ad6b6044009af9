namespace Pneumothorax.Lab.Experiments.Curves;

/// <summary>Makes the trend of a noisy curve visible: an exponential moving average, value by value.</summary>
/// <remarks>Divided by the weight gathered so far, so that the start is not drawn towards 0.</remarks>
public sealed class Smoothing
{
    private readonly double _factor;
    private double _average;
    private double _weight;
    private (int Over, double Factor) _known;

    /// <param name="factor">Share kept of the past: 0 leaves the curve as it is, values near 1 smooth strongly; below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not in 0..1, or is 1.</exception>
    public Smoothing(double factor)
    {
        if (!(factor is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "The smoothing factor is at least 0 and below 1.");
        _factor = factor;
        _known = (1, factor);
    }

    /// <param name="over">The factor is for so many values together: each then keeps more of the past.</param>
    /// <returns>The average so far; a value that is not finite comes back as it is and leaves the average alone.</returns>
    public double Next(double value, int over = 1)
    {
        if (!double.IsFinite(value)) return value;

        if (_known.Over != over) _known = (over, Math.Pow(_factor, 1.0 / over));
        var factor = _known.Factor;
        _average = factor * _average + (1 - factor) * value;
        _weight = factor * _weight + (1 - factor);
        return _average / _weight;
    }
}
