using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>
/// The end of a network for one image: the feature maps A of the last block, of which global average pooling takes the means, and the
/// dense layer behind it: logit of class c = sum over k of w(c, k) · mean(A(k)) + b(c).
/// </summary>
/// <param name="features">(C, h, w), row by row.</param>
/// <param name="side">h = w.</param>
/// <param name="weights">(2, C).</param>
/// <param name="bias">(2).</param>
public sealed class LastBlock(float[] features, int side, float[] weights, float[] bias)
{
    private readonly double[] _means = MeansOf(features, side * side);

    public int Side => side;

    /// <summary>Places of a map: h · w.</summary>
    public int Places => side * side;

    /// <summary>C.</summary>
    public int Channels => features.Length / Places;

    /// <returns>A(k): side x side.</returns>
    public ReadOnlySpan<float> Map(int channel) => features.AsSpan(channel * Places, Places);

    /// <returns>w(c, k); for the difference w(1, k) - w(0, k).</returns>
    public double Weight(MapTarget target, int channel) => target.Of(weights[channel], weights[Channels + channel]);

    /// <returns>mean(A(k)): what pooling passes on.</returns>
    public double Mean(int channel) => _means[channel];

    /// <returns>The logit, or for the difference the log-odds, with one channel silenced if asked.</returns>
    public double Logit(MapTarget target, int? without = null)
    {
        var logit = target.Of(bias[0], bias[1]);
        for (var channel = 0; channel < Channels; channel++)
        {
            if (channel != without) logit += Weight(target, channel) * Mean(channel);
        }
        return logit;
    }

    /// <returns>The maps added up, each times its weight: side x side.</returns>
    public float[] Weigh(Func<int, double> weight)
    {
        var sum = new double[Places];
        for (var channel = 0; channel < Channels; channel++)
        {
            var times = weight(channel);
            var map = Map(channel);
            for (var place = 0; place < sum.Length; place++) sum[place] += times * map[place];
        }
        return [.. sum.Select(value => (float)value)];
    }

    /// <returns>What speaks for, without what speaks against: negative values become 0.</returns>
    public static float[] PositivePart(float[] map) => [.. map.Select(value => Math.Max(0, value))];

    private static double[] MeansOf(float[] features, int places) =>
        [.. Enumerable.Range(0, features.Length / places).Select(channel => features.Skip(channel * places).Take(places).Average(value => (double)value))];
}
