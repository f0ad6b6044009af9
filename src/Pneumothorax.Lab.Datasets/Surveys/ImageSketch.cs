using System.Numerics;

namespace Pneumothorax.Lab.Datasets.Surveys;

/// <summary>An image in 16 x 16 fields, standardised, so that the product of two sketches is their correlation.</summary>
internal sealed class ImageSketch
{
    private const int Side = 16;
    private const int Block = DatasetManifest.Side / Side;
    private const int Fields = Side * Side;

    private readonly float[] _fields;

    private ImageSketch(float[] fields, string? fault) => (_fields, Fault) = (fields, fault);

    /// <summary>What is plainly wrong with the image, in a few words; null for nothing.</summary>
    public string? Fault { get; }

    /// <param name="pixels">256 x 256 grey values.</param>
    public static ImageSketch Of(ReadOnlySpan<byte> pixels)
    {
        var fields = new float[Fields];
        long sum = 0, squares = 0;
        for (var y = 0; y < DatasetManifest.Side; y++)
        {
            var row = pixels.Slice(y * DatasetManifest.Side, DatasetManifest.Side);
            for (var x = 0; x < row.Length; x++)
            {
                int grey = row[x];
                (sum, squares) = (sum + grey, squares + grey * grey);
                fields[y / Block * Side + x / Block] += grey;
            }
        }
        var mean = (double)sum / pixels.Length;
        var deviation = Math.Sqrt(Math.Max(0, (double)squares / pixels.Length - mean * mean));
        Standardise(fields);
        return new(fields, deviation < 4 ? "nearly one grey" : mean < 20 ? "nearly black" : mean > 235 ? "nearly white" : null);
    }

    /// <returns>The mean of all sketches, standardised.</returns>
    public static ImageSketch MeanOf(IReadOnlyCollection<ImageSketch> sketches)
    {
        var fields = new float[Fields];
        foreach (var sketch in sketches)
        {
            for (var i = 0; i < Fields; i++) fields[i] += sketch._fields[i];
        }
        Standardise(fields);
        return new(fields, null);
    }

    /// <summary>Leaves what is the image's own: all chests are alike, and it is the rest that tells two of them apart.</summary>
    public void TakeAway(ImageSketch mean)
    {
        var share = LikenessTo(mean);
        for (var i = 0; i < Fields; i++) _fields[i] -= share * mean._fields[i];
        Standardise(_fields);
    }

    /// <returns>Correlation, -1..1; 0 where one has no contrast.</returns>
    public float LikenessTo(ImageSketch other)
    {
        var sum = Vector<float>.Zero;
        for (var i = 0; i < Fields; i += Vector<float>.Count) sum += new Vector<float>(_fields, i) * new Vector<float>(other._fields, i);
        return Vector.Sum(sum);
    }

    /// <returns>Correlation of the grey values of two images of one size, -1..1; 0 where one has no contrast.</returns>
    public static double Correlation(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        long a = 0, b = 0, aa = 0, bb = 0, ab = 0;
        for (var i = 0; i < one.Length; i++)
        {
            int x = one[i], y = other[i];
            (a, b, aa, bb, ab) = (a + x, b + y, aa + x * x, bb + y * y, ab + x * y);
        }
        double n = one.Length, spread = (n * aa - (double)a * a) * (n * bb - (double)b * b);
        return spread <= 0 ? 0 : (n * ab - (double)a * b) / Math.Sqrt(spread);
    }

    /// <summary>Mean 0 and length 1; all 0 where there is no contrast.</summary>
    private static void Standardise(float[] fields)
    {
        var mean = fields.Average();
        for (var i = 0; i < fields.Length; i++) fields[i] -= mean;
        var length = Math.Sqrt(fields.Sum(value => (double)value * value));
        for (var i = 0; i < fields.Length; i++) fields[i] = length < 1e-6 ? 0 : (float)(fields[i] / length);
    }
}
