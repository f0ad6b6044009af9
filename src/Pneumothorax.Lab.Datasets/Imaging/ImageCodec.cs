using System.Numerics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>Pictures in and out. ImageSharp is used in this folder alone.</summary>
public static class ImageCodec
{
    // Higher levels take two to ten times as long and save a twentieth to a tenth on X-rays with maps.
    private static readonly PngEncoder s_grey = Encoder(PngColorType.Grayscale), s_colour = Encoder(PngColorType.Rgb);

    [ThreadStatic]
    private static (int From, int To, (int First, float[] Weights)[]? Taps) t_taps;

    /// <param name="pixels">width x height grey values, row by row.</param>
    /// <returns>A lossless 8-bit grey PNG.</returns>
    public static byte[] GreyPng(ReadOnlySpan<byte> pixels, int width, int height)
    {
        CheckLength(pixels.Length, width, height, bytesAPixel: 1);
        return Encode<L8>(pixels, width, height, s_grey);
    }

    /// <param name="rgb">width x height times red, green, blue, row by row.</param>
    /// <returns>A lossless 8-bit colour PNG.</returns>
    public static byte[] ColourPng(ReadOnlySpan<byte> rgb, int width, int height)
    {
        CheckLength(rgb.Length, width, height, bytesAPixel: 3);
        return Encode<Rgb24>(rgb, width, height, s_colour);
    }

    /// <summary>Decodes PNG and JPEG as <see cref="PictureDecoder"/> does. Colours become luminance (299, 587, 114 parts of 1000); eight bits of grey stay exact.</summary>
    /// <exception cref="InvalidDataException">Not a picture, cut short, or larger than 64 megapixels.</exception>
    public static (byte[] Pixels, int Width, int Height) DecodeGrey(Stream stream)
    {
        var picture = (Pixels: (byte[])[], Width: 0, Height: 0);
        PictureDecoder.UseGrey(stream, (grey, width, height) => picture = (grey.ToArray(), width, height));
        return picture;
    }

    /// <param name="rgb">Red, green, blue, pixel by pixel.</param>
    /// <returns>A grey value a pixel.</returns>
    internal static byte[] Luminance(ReadOnlySpan<byte> rgb)
    {
        var grey = new byte[rgb.Length / 3];
        for (var i = 0; i < grey.Length; i++) grey[i] = Luminance(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]);
        return grey;
    }

    /// <returns>Width and height of the upright picture, without decoding.</returns>
    /// <exception cref="InvalidDataException">Not a picture.</exception>
    public static (int Width, int Height) SizeOf(Stream stream)
    {
        using var file = PictureFile.Read(stream);
        return file.IsLying ? (file.Height, file.Width) : (file.Width, file.Height);
    }

    /// <summary>
    /// Bilinear, with pixel centres at half coordinates. Where it shrinks, the triangle widens with the factor, so that nothing
    /// between two samples is lost (as Pillow's BILINEAR does).
    /// </summary>
    /// <remarks>Not by ImageSharp, which widens each grey value to four floats and takes four times as long for it.</remarks>
    /// <param name="grey">width x height grey values, row by row.</param>
    /// <returns>newWidth x newHeight grey values.</returns>
    public static byte[] Resample(ReadOnlySpan<byte> grey, int width, int height, int newWidth, int newHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(newWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newHeight, 1);

        var result = new byte[newWidth * newHeight];
        Resample(grey, width, height, result, newWidth, newHeight);
        return result;
    }

    /// <summary>As above, into memory that the caller has.</summary>
    /// <param name="result">newWidth x newHeight.</param>
    internal static void Resample(ReadOnlySpan<byte> grey, int width, int height, Span<byte> result, int newWidth, int newHeight)
    {
        CheckLength(grey.Length, width, height, bytesAPixel: 1);

        // Down first, a whole row at a time: that is most of the work, and vectors do it.
        var (down, across) = (Taps(height, newHeight), Taps(width, newWidth));
        var sums = new float[width];
        for (var y = 0; y < newHeight; y++)
        {
            Array.Clear(sums);
            var (top, weights) = down[y];
            for (var k = 0; k < weights.Length; k++) AddRow(grey.Slice((top + k) * width, width), weights[k], sums);
            for (var x = 0; x < newWidth; x++)
            {
                var (first, taps) = across[x];
                var sum = 0.5f;
                var part = sums.AsSpan(first, taps.Length);
                for (var k = 0; k < part.Length; k++) sum += taps[k] * part[k];
                result[(y * newWidth) + x] = (byte)Math.Clamp(sum, 0f, 255f);
            }
        }
    }

    /// <summary>sums += weight * row.</summary>
    private static void AddRow(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        var at = 0;
        for (; at <= row.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[at..]), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            Add(first, weight, sums[at..]);
            Add(second, weight, sums[(at + Vector<float>.Count)..]);
            Add(third, weight, sums[(at + (2 * Vector<float>.Count))..]);
            Add(fourth, weight, sums[(at + (3 * Vector<float>.Count))..]);
        }
        for (; at < row.Length; at++) sums[at] += weight * row[at];

        static void Add(Vector<uint> values, float weight, Span<float> target) =>
            (new Vector<float>(target) + (weight * Vector.ConvertToSingle(Vector.AsVectorInt32(values)))).CopyTo(target);
    }

    /// <returns>For every new position the first old one and the weights from there on; they add up to 1.</returns>
    private static (int First, float[] Weights)[] Taps(int from, int to)
    {
        // Square pictures of one size come by the thousand.
        if (t_taps.Taps is { } known && t_taps.From == from && t_taps.To == to) return known;

        var scale = (double)from / to;
        var reach = Math.Max(scale, 1);
        var taps = new (int, float[])[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max((int)Math.Floor(centre - reach), 0);
            var end = Math.Min((int)Math.Ceiling(centre + reach), from);
            var weights = new double[end - first];
            for (var k = 0; k < weights.Length; k++) weights[k] = Math.Max(1 - Math.Abs(first + k + 0.5 - centre) / reach, 0);
            var total = weights.Sum();
            taps[i] = (first, [.. weights.Select(weight => (float)(weight / total))]);
        }
        t_taps = (from, to, taps);
        return taps;
    }

    internal static byte Luminance(int red, int green, int blue) => (byte)((299 * red + 587 * green + 114 * blue + 500) / 1000);

    private static byte[] Encode<TPixel>(ReadOnlySpan<byte> pixels, int width, int height, PngEncoder encoder)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = Image.LoadPixelData<TPixel>(PictureFile.Configuration, pixels, width, height);
        using var png = new MemoryStream();
        image.Save(png, encoder);
        return png.ToArray();
    }

    private static PngEncoder Encoder(PngColorType colours) =>
        new() { ColorType = colours, BitDepth = PngBitDepth.Bit8, FilterMethod = PngFilterMethod.Up, CompressionLevel = PngCompressionLevel.Level2, IgnoreMetadata = true };

    private static void CheckLength(int length, int width, int height, int bytesAPixel)
    {
        if (width < 1 || height < 1 || length != (long)width * height * bytesAPixel)
            throw new ArgumentException($"{length} values do not make a picture of {width} x {height} with {bytesAPixel} a pixel.");
    }
}
