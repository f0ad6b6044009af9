namespace Pneumothorax.Lab.Datasets.Viewing;

/// <summary>What the grey values of one image look like: ends, mean, and how often each occurs.</summary>
/// <param name="Bins">64 counts of four neighbouring values each, from 0 (black) to 255 (white).</param>
public sealed record GreyValues(int Min, int Max, double Mean, IReadOnlyList<int> Bins)
{
    public static GreyValues Of(ReadOnlySpan<byte> pixels)
    {
        var bins = new int[64];
        int min = 255, max = 0;
        long sum = 0;
        foreach (var pixel in pixels)
        {
            bins[pixel / 4]++;
            sum += pixel;
            if (pixel < min) min = pixel;
            if (pixel > max) max = pixel;
        }
        return new(min, max, pixels.Length == 0 ? 0 : (double)sum / pixels.Length, bins);
    }
}
