using Pneumothorax.Lab.Datasets;

namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>One X-ray as the first layer of a network receives it: shrunk to its input size, as grey values or standardised.</summary>
/// <param name="Values">Side x Side, row by row.</param>
public sealed record PreparedImage(int Side, float[] Values)
{
    /// <param name="pixels">256 x 256 grey values.</param>
    /// <param name="side">Divides 256; each value is the mean of the pixels it stands for.</param>
    /// <exception cref="ArgumentException">The side does not divide 256.</exception>
    public static PreparedImage Of(ReadOnlySpan<byte> pixels, int side, bool standardise)
    {
        if (side < 1 || DatasetManifest.Side % side != 0) throw new ArgumentException($"{DatasetManifest.Side} x {DatasetManifest.Side} pixels cannot be shrunk evenly to {side} x {side}.");

        var factor = DatasetManifest.Side / side;
        var values = new float[side * side];
        for (var row = 0; row < DatasetManifest.Side; row++)
        {
            for (var column = 0; column < DatasetManifest.Side; column++)
            {
                values[row / factor * side + column / factor] += pixels[row * DatasetManifest.Side + column];
            }
        }
        for (var i = 0; i < values.Length; i++) values[i] /= factor * factor;
        if (standardise) Standardise(values, side);
        return new(side, values);
    }

    /// <returns>0 outside: "same" padding.</returns>
    public float At(int row, int column) =>
        row >= 0 && column >= 0 && row < Side && column < Side ? Values[row * Side + column] : 0;

    /// <summary>Grey values for drawing: from the lowest to the highest value.</summary>
    public byte[] ToGrey()
    {
        float low = Values.Min(), range = Values.Max() - low;
        return [.. Values.Select(value => range > 0 ? (byte)Math.Round(255 * (value - low) / range) : (byte)0)];
    }

    private static void Standardise(float[] values, int side)
    {
        var mean = values.Average(value => (double)value);
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        var divisor = Math.Max(deviation, 1.0 / side);       // 1 / square root of the number of pixels
        for (var i = 0; i < values.Length; i++) values[i] = (float)((values[i] - mean) / divisor);
    }
}
