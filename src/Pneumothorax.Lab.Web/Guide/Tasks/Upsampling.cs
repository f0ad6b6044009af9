namespace Pneumothorax.Lab.Web.Guide.Tasks;

/// <summary>Two ways to enlarge a map that the lab does not use itself, to compare with the bilinear one.</summary>
internal static class Upsampling
{
    /// <param name="map">side x side, row by row.</param>
    /// <returns>size x size: each value repeated.</returns>
    public static float[] Nearest(ReadOnlySpan<float> map, int side, int size)
    {
        var result = new float[size * size];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++) result[y * size + x] = map[y * side / size * side + x * side / size];
        }
        return result;
    }

    /// <summary>Keys's cubic convolution with a = -0.75, as PyTorch's "bicubic"; pixel centres at half coordinates, edges continued.</summary>
    /// <returns>size x size.</returns>
    public static float[] Bicubic(ReadOnlySpan<float> map, int side, int size)
    {
        var result = new float[size * size];
        for (var y = 0; y < size; y++)
        {
            var (top, down) = Place(y, side, size);
            for (var x = 0; x < size; x++)
            {
                var (left, across) = Place(x, side, size);
                var sum = 0f;
                for (var i = -1; i <= 2; i++)
                {
                    for (var j = -1; j <= 2; j++)
                    {
                        sum += Weight(i - down) * Weight(j - across) * map[Math.Clamp(top + i, 0, side - 1) * side + Math.Clamp(left + j, 0, side - 1)];
                    }
                }
                result[y * size + x] = sum;
            }
        }
        return result;
    }

    private static (int First, float Share) Place(int position, int side, int size)
    {
        var at = (position + 0.5f) * side / size - 0.5f;
        var first = (int)MathF.Floor(at);
        return (first, at - first);
    }

    private static float Weight(float distance)
    {
        const float a = -0.75f;
        var d = MathF.Abs(distance);
        return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }
}
