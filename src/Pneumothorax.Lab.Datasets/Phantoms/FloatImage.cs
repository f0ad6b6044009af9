namespace Pneumothorax.Lab.Datasets.Phantoms;

/// <summary>A picture-sized field of numbers, such as how much matter the rays pass.</summary>
internal sealed class FloatImage
{
    public const int Side = DatasetManifest.Side;

    public float[] Values { get; } = new float[Side * Side];

    public float this[int x, int y] => Values[y * Side + x];

    public void Clear() => Array.Clear(Values);

    public void CopyFrom(FloatImage other) => other.Values.CopyTo(Values, 0);

    public void Add(FloatImage other, float factor)
    {
        for (var i = 0; i < Values.Length; i++) Values[i] += factor * other.Values[i];
    }

    public void Multiply(FloatImage other)
    {
        for (var i = 0; i < Values.Length; i++) Values[i] *= other.Values[i];
    }

    /// <summary>Three passes of a running mean, near enough to a Gaussian.</summary>
    /// <param name="radius">Pixels to either side in one pass.</param>
    public void Blur(int radius, FloatImage scratch)
    {
        for (var pass = 0; pass < 3; pass++)
        {
            MeanAcross(Values, scratch.Values, radius);
            MeanDown(scratch.Values, Values, radius);
        }
    }

    /// <summary>A light blur of three by three; <paramref name="share"/> 0 leaves all as it is, 1 spreads it evenly.</summary>
    public void Soften(float share, FloatImage scratch)
    {
        var (side, middle) = (share / 3, 1 - 2 * share / 3);
        Array.Copy(Values, scratch.Values, Values.Length);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 1; x < Side - 1; x++)
                scratch.Values[y * Side + x] = middle * Values[y * Side + x] + side * (Values[y * Side + x - 1] + Values[y * Side + x + 1]);
        }
        Array.Copy(scratch.Values, Values, Side);
        for (var y = 1; y < Side - 1; y++)
        {
            for (var x = 0; x < Side; x++)
                Values[y * Side + x] = middle * scratch.Values[y * Side + x] + side * (scratch.Values[(y - 1) * Side + x] + scratch.Values[(y + 1) * Side + x]);
        }
        Array.Copy(scratch.Values, (Side - 1) * Side, Values, (Side - 1) * Side, Side);
    }

    private static void MeanAcross(float[] from, float[] to, int radius)
    {
        var share = 1f / (2 * radius + 1);
        for (var y = 0; y < Side; y++)
        {
            var row = from.AsSpan(y * Side, Side);
            var means = to.AsSpan(y * Side, Side);
            var sum = 0f;
            for (var k = -radius; k <= radius; k++) sum += row[Math.Clamp(k, 0, Side - 1)];
            for (var x = 0; x < Side; x++)
            {
                means[x] = sum * share;
                sum += row[Math.Min(x + radius + 1, Side - 1)] - row[Math.Max(x - radius, 0)];
            }
        }
    }

    /// <summary>All columns at once, row by row: memory is read in order.</summary>
    private static void MeanDown(float[] from, float[] to, int radius)
    {
        var share = 1f / (2 * radius + 1);
        Span<float> sums = stackalloc float[Side];
        sums.Clear();
        for (var k = -radius; k <= radius; k++)
        {
            var row = from.AsSpan(Math.Clamp(k, 0, Side - 1) * Side, Side);
            for (var x = 0; x < Side; x++) sums[x] += row[x];
        }
        for (var y = 0; y < Side; y++)
        {
            var means = to.AsSpan(y * Side, Side);
            var enters = from.AsSpan(Math.Min(y + radius + 1, Side - 1) * Side, Side);
            var leaves = from.AsSpan(Math.Max(y - radius, 0) * Side, Side);
            for (var x = 0; x < Side; x++)
            {
                means[x] = sums[x] * share;
                sums[x] += enters[x] - leaves[x];
            }
        }
    }
}
