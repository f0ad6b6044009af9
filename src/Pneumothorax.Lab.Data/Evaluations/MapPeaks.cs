using System.Numerics;
using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Data.Evaluations;

/// <summary>The highest value of every map of an evaluation and where it lies: all that questions about the whole set need, without the maps.</summary>
public sealed class MapPeaks
{
    /// <summary>Maps are read in pieces of about so many numbers (1 MB).</summary>
    private const int Piece = 1 << 18;

    private readonly float[] _highest;
    private readonly int[] _cells;

    private MapPeaks(float[] highest, int[] cells) => (_highest, _cells) = (highest, cells);

    /// <summary>Reads every map once: about half a second for 100,000 images with maps of 32 x 32, when the system has the file at hand.</summary>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public static MapPeaks Of(EvaluationFile file)
    {
        int area = file.MapSize * file.MapSize, maps = file.Count * EvaluationFile.Classes, together = Math.Max(1, Piece / area);
        var (highest, cells) = (new float[maps], new int[maps]);
        var piece = new float[Math.Min(together, maps) * area];
        for (var first = 0; first < maps; first += together)
        {
            var count = Math.Min(together, maps - first);
            file.Cam.Read((long)first * area, piece.AsSpan(0, count * area));
            for (var i = 0; i < count; i++)
            {
                var map = piece.AsSpan(i * area, area);
                var most = MaximumOf(map);
                (highest[first + i], cells[first + i]) = (most, Math.Max(0, map.IndexOf(most)));
            }
        }
        return new(highest, cells);
    }

    /// <summary>Highest value of an image's map, in logit units; evidence for the class only above 0.</summary>
    public float Highest(int index, int cls) => _highest[index * EvaluationFile.Classes + cls];

    /// <summary>Its place, the first of equals: row x side + column.</summary>
    public int Cell(int index, int cls) => _cells[index * EvaluationFile.Classes + cls];

    /// <summary>Highest value of a class's maps over the whole set, at least 0.</summary>
    public float Maximum(int cls)
    {
        var highest = 0f;
        for (var i = cls; i < _highest.Length; i += EvaluationFile.Classes) highest = Math.Max(highest, _highest[i]);
        return highest;
    }

    /// <returns>The image whose map reaches least high above 0: with a scale of its own it still looks hot. Null when no map has evidence.</returns>
    public int? Faintest(int cls)
    {
        int? faintest = null;
        var least = float.PositiveInfinity;
        for (var i = cls; i < _highest.Length; i += EvaluationFile.Classes)
        {
            if (_highest[i] > 0 && _highest[i] < least) (least, faintest) = (_highest[i], i / EvaluationFile.Classes);
        }
        return faintest;
    }

    /// <summary>Many at a time: this is what going through a large set waits for.</summary>
    private static float MaximumOf(ReadOnlySpan<float> values)
    {
        var most = float.NegativeInfinity;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        if (vectors.Length > 0)
        {
            var upper = vectors[0];
            foreach (var vector in vectors) upper = Vector.Max(upper, vector);
            for (var lane = 0; lane < Vector<float>.Count; lane++) most = Math.Max(most, upper[lane]);
        }
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..]) most = Math.Max(most, value);
        return most;
    }
}
