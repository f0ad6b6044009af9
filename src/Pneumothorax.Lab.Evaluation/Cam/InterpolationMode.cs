namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>Ways of making a small map as large as the X-ray. None of them adds knowledge.</summary>
public enum InterpolationMode
{
    /// <summary>Each value becomes a square.</summary>
    Nearest,
    /// <summary>Straight lines between neighbouring values; never above the highest nor below the lowest.</summary>
    Bilinear,
    /// <summary>Smooth curves through four neighbours; can overshoot.</summary>
    Bicubic,
}

public static class InterpolationModes
{
    /// <summary>Keys' cubic, which passes through the values (IEEE Trans. ASSP 1981).</summary>
    private const double Keys = -0.5;

    public static IReadOnlyList<InterpolationMode> All { get; } = [InterpolationMode.Nearest, InterpolationMode.Bilinear, InterpolationMode.Bicubic];

    /// <returns>Null for a word that names none.</returns>
    public static InterpolationMode? Parse(string? word) => All.Cast<InterpolationMode?>().FirstOrDefault(way => way?.Word() == word);

    public static string Word(this InterpolationMode way) => way.ToString().ToLowerInvariant();

    /// <param name="map">side x side, row by row.</param>
    /// <returns>size x size; pixel centres at half coordinates, edge values continued outwards.</returns>
    public static float[] Enlarge(this InterpolationMode way, ReadOnlySpan<float> map, int side, int size) => way switch
    {
        InterpolationMode.Nearest => Nearest(map, side, size),
        InterpolationMode.Bilinear => CamPicture.Upsample(map, side, size),
        _ => Bicubic(map, side, size),
    };

    private static float[] Nearest(ReadOnlySpan<float> map, int side, int size)
    {
        var result = new float[size * size];
        for (var i = 0; i < result.Length; i++) result[i] = map[i / size * side / size * side + i % size * side / size];
        return result;
    }

    private static float[] Bicubic(ReadOnlySpan<float> map, int side, int size)
    {
        var taps = Enumerable.Range(0, size).Select(position => Taps(position, side, size)).ToArray();
        var across = new float[side * size];
        for (var row = 0; row < side; row++)
        {
            for (var x = 0; x < size; x++)
            {
                foreach (var (place, weight) in taps[x]) across[row * size + x] += weight * map[row * side + place];
            }
        }
        var result = new float[size * size];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                foreach (var (place, weight) in taps[y]) result[y * size + x] += weight * across[place * size + x];
            }
        }
        return result;
    }

    private static (int Place, float Weight)[] Taps(int position, int side, int size)
    {
        var at = (position + 0.5) * side / size - 0.5;
        var first = (int)Math.Floor(at) - 1;
        return [.. Enumerable.Range(first, 4).Select(place => (Math.Clamp(place, 0, side - 1), (float)Cubic(Math.Abs(at - place))))];
    }

    private static double Cubic(double distance) => distance switch
    {
        <= 1 => ((Keys + 2) * distance - (Keys + 3)) * distance * distance + 1,
        < 2 => Keys * (((distance - 5) * distance + 8) * distance - 4),
        _ => 0,
    };
}
