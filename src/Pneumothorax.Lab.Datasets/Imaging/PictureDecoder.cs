using System.Buffers;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>
/// PNG and JPEG as grey values, in one way for imports and for pictures that students bring: upright, colours as their luminance, what is
/// transparent as black, sixteen bits over the range of values that is used.
/// </summary>
internal static class PictureDecoder
{
    private const long MostPixels = 64L << 20;

    /// <summary>Decodes into memory that is used for the next picture again: thousands of them leave no garbage.</summary>
    /// <param name="use">Gets width x height grey values, row by row, for the time of the call, and both sides.</param>
    /// <param name="checkSize">Throws for a size that is refused, before anything is decoded.</param>
    /// <param name="kind">"PNG" or "JPEG" where its first bytes have told already.</param>
    /// <returns>What a reader should know of the values, each a short line.</returns>
    /// <exception cref="InvalidDataException">Not a picture, cut short, or larger than 64 megapixels.</exception>
    public static IReadOnlyList<string> UseGrey(Stream stream, Action<ReadOnlySpan<byte>, int, int> use, Action<int, int>? checkSize = null, string? kind = null)
    {
        using var file = PictureFile.Read(stream, kind);
        if ((long)file.Width * file.Height > MostPixels) throw new InvalidDataException($"The picture is {file.Width} x {file.Height}; the limit is 64 megapixels.");
        checkSize?.Invoke(file.Width, file.Height);

        var grey = ArrayPool<byte>.Shared.Rent(file.Width * file.Height);
        try
        {
            var pixels = grey.AsSpan(0, file.Width * file.Height);
            IReadOnlyList<string> notes = [];
            if (file.IsDeep) notes = FillFromDeep(file, pixels);
            else if (file.IsGrey) FillGrey(file, pixels);
            else FillFromColours(file, pixels);
            var (width, height) = file.IsLying ? (file.Height, file.Width) : (file.Width, file.Height);
            use(pixels, width, height);
            return notes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(grey);
        }
    }

    /// <summary>Eight bits of grey as they are, without a detour over colours.</summary>
    private static void FillGrey(PictureFile file, Span<byte> grey)
    {
        using var image = file.Decode<L8>();
        image.CopyPixelDataTo(grey);
    }

    private static void FillFromColours(PictureFile file, Span<byte> grey)
    {
        if (file.HasAlpha) Fill<Rgba32, byte>(file, grey, pixel => ImageCodec.Luminance(Part(pixel.R, pixel.A), Part(pixel.G, pixel.A), Part(pixel.B, pixel.A)));
        else Fill<Rgb24, byte>(file, grey, pixel => ImageCodec.Luminance(pixel.R, pixel.G, pixel.B));

        static int Part(byte value, byte alpha) => ((value * alpha) + 127) / 255;
    }

    /// <summary>Of sixteen bits, scanners often use the lower twelve, so that the upper eight alone are nearly black.</summary>
    private static List<string> FillFromDeep(PictureFile file, Span<byte> grey)
    {
        var values = new ushort[grey.Length];
        if (file.IsGrey) Fill<L16, ushort>(file, values, pixel => pixel.PackedValue);
        else Fill<Rgba64, ushort>(file, values, pixel => (ushort)((((((299L * pixel.R) + (587L * pixel.G) + (114L * pixel.B)) * pixel.A) / ushort.MaxValue) + 500) / 1000));
        var range = GreyRange.Of(values, []);
        for (var i = 0; i < values.Length; i++) grey[i] = range.Grey(values[i]);
        List<string> notes = ["it has sixteen bits per pixel; its darkest value was made black, its brightest white"];
        if (range.Outside > 0) notes.Add(OutsideNote(range.Outside));
        return notes;
    }

    internal static string OutsideNote(int pixels) => FormattableString.Invariant($"{pixels:#,##0} {(pixels == 1 ? "pixel is" : "pixels are")} far outside the other values and {(pixels == 1 ? "was" : "were")} left out of the range of grey values");

    private static void Fill<TPixel, TValue>(PictureFile file, Span<TValue> values, Func<TPixel, TValue> read)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = file.Decode<TPixel>();
        var at = 0;
        for (var y = 0; y < image.Height; y++)
        {
            foreach (var pixel in image.Frames.RootFrame.DangerousGetPixelRowMemory(y).Span) values[at++] = read(pixel);
        }
    }
}
