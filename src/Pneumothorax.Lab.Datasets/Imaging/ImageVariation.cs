namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>Draws an image as training changes it, with plain numbers. The trainer does the same on tensors; a test keeps the two alike.</summary>
public static class ImageVariation
{
    /// <param name="grey">side x side grey values, row by row.</param>
    /// <param name="newSide">Side S of the result; divides <paramref name="side"/>: each of its pixels is first the mean of a square.</param>
    /// <param name="source">Where each pixel comes from: (x, y) of the original = these rows times (x, y, 1) of the result, from -1 (left,
    /// top edge) to 1, y downwards. Read between pixels bilinearly; beyond the edge the edge goes on.</param>
    /// <param name="gamma">Grey values, taken as 0..1, are raised to it.</param>
    /// <returns>S x S grey values.</returns>
    /// <exception cref="ArgumentException">The pixels are no square of that side, or S does not divide it.</exception>
    public static byte[] Draw(
        ReadOnlySpan<byte> grey, int side, int newSide, (double XX, double XY, double X1, double YX, double YY, double Y1) source, double gamma)
    {
        if (grey.Length != side * side) throw new ArgumentException($"{grey.Length} values are no picture of {side} x {side}.");
        if (newSide < 1 || side % newSide != 0) throw new ArgumentException($"{side} pixels cannot be shrunk evenly to {newSide}.");

        var small = Shrink(grey, side, newSide);
        var result = new byte[newSide * newSide];
        for (var row = 0; row < newSide; row++)
        {
            var y = (2 * row + 1.0) / newSide - 1;
            for (var column = 0; column < newSide; column++)
            {
                var x = (2 * column + 1.0) / newSide - 1;
                var value = Between(small, newSide, Place(source.XX * x + source.XY * y + source.X1), Place(source.YX * x + source.YY * y + source.Y1));
                result[row * newSide + column] = (byte)Math.Clamp(255 * Math.Pow(value / 255, gamma) + 0.5, 0, 255);
            }
        }
        return result;

        // From -1..1 to pixels, whose centres are whole numbers.
        double Place(double at) => Math.Clamp(((at + 1) * newSide - 1) / 2, 0, newSide - 1);
    }

    private static float[] Shrink(ReadOnlySpan<byte> grey, int side, int newSide)
    {
        var factor = side / newSide;
        var result = new float[newSide * newSide];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++) result[y / factor * newSide + x / factor] += grey[y * side + x];
        }
        for (var i = 0; i < result.Length; i++) result[i] /= factor * factor;
        return result;
    }

    private static double Between(float[] pixels, int side, double x, double y)
    {
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, side - 1), Math.Min(top + 1, side - 1));
        var (across, down) = (x - left, y - top);
        var upper = pixels[top * side + left] * (1 - across) + pixels[top * side + right] * across;
        var lower = pixels[bottom * side + left] * (1 - across) + pixels[bottom * side + right] * across;
        return upper * (1 - down) + lower * down;
    }
}
