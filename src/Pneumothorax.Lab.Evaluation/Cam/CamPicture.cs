namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>Draws a class activation map, alone or over its X-ray. Display only: numbers come from the map itself.</summary>
public static class CamPicture
{
    /// <summary>Bilinear, with pixel centres at half coordinates and the edge values continued outwards.</summary>
    /// <param name="map">side x side, row by row.</param>
    /// <returns>size x size.</returns>
    public static float[] Upsample(ReadOnlySpan<float> map, int side, int size)
    {
        var result = new float[size * size];
        for (var y = 0; y < size; y++)
        {
            var (top, bottom, down) = Neighbours(y, side, size);
            for (var x = 0; x < size; x++)
            {
                var (left, right, across) = Neighbours(x, side, size);
                var upper = map[top * side + left] + across * (map[top * side + right] - map[top * side + left]);
                var lower = map[bottom * side + left] + across * (map[bottom * side + right] - map[bottom * side + left]);
                result[y * size + x] = upper + down * (lower - upper);
            }
        }
        return result;
    }

    /// <summary>Values to 0..1: from <paramref name="low"/> or less to <paramref name="high"/> or more. Without a range all are 0: no evidence.</summary>
    public static void Scale(Span<float> values, float low, float high)
    {
        var range = high - low;
        for (var i = 0; i < values.Length; i++) values[i] = range > 0 ? Math.Clamp((values[i] - low) / range, 0, 1) : 0;
    }

    /// <param name="values">Scaled to 0..1.</param>
    /// <returns>Red, green, blue of each.</returns>
    public static byte[] Map(ReadOnlySpan<float> values, ColourMap colours)
    {
        var rgb = new byte[values.Length * 3];
        for (var i = 0; i < values.Length; i++) colours.At(values[i]).CopyTo(rgb.AsSpan(i * 3));
        return rgb;
    }

    /// <summary>Colour over the X-ray, the more opaque the higher the value: where there is no evidence one sees the X-ray itself. With two-sided colours evidence against has its opacity, too.</summary>
    /// <param name="xray">Grey values, as many as <paramref name="values"/>.</param>
    /// <param name="values">Scaled to 0..1.</param>
    /// <param name="opacity">Of the highest value, 0..1; at 0 the X-ray is unchanged.</param>
    /// <returns>Red, green, blue of each.</returns>
    public static byte[] Overlay(ReadOnlySpan<byte> xray, ReadOnlySpan<float> values, ColourMap colours, float opacity)
    {
        var rgb = new byte[values.Length * 3];
        for (var i = 0; i < values.Length; i++)
        {
            // Rises fast and levels off, so that middling evidence shows as well.
            var strength = colours.IsTwoSided ? Math.Abs((2 * values[i]) - 1) : values[i];
            var alpha = opacity * strength * (2 - strength);
            var colour = colours.At(values[i]);
            for (var channel = 0; channel < 3; channel++)
            {
                rgb[i * 3 + channel] = (byte)MathF.Round(xray[i] + alpha * (colour[channel] - xray[i]));
            }
        }
        return rgb;
    }

    private static (int First, int Second, float Share) Neighbours(int position, int side, int size)
    {
        var at = Math.Clamp((position + 0.5f) * side / size - 0.5f, 0, side - 1);
        var first = (int)at;
        return (first, Math.Min(first + 1, side - 1), at - first);
    }
}
