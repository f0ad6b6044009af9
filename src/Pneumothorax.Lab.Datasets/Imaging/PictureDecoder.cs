using System.Buffers;
using System.Buffers.Binary;
using SkiaSharp;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>
/// PNG and JPEG as grey values, in one way for imports and for pictures that students bring: upright, colours as their luminance, what is
/// transparent as black, sixteen bits over the range of values that is used.
/// </summary>
internal static class PictureDecoder
{
    private const long MostPixels = 64L << 20;

    /// <summary>Signature, then length, name, content and checksum of the first chunk.</summary>
    private const int PngHeadLength = 33;

    /// <summary>Decodes into memory that is used for the next picture again: thousands of them leave no garbage.</summary>
    /// <param name="use">Gets width x height grey values, row by row, for the time of the call, and both sides.</param>
    /// <param name="checkSize">Throws for a size that is refused, before anything is decoded.</param>
    /// <param name="kind">"PNG" or "JPEG" where its first bytes have told already.</param>
    /// <returns>What a reader should know of the values, each a short line.</returns>
    /// <exception cref="InvalidDataException">Not a picture, cut short, or larger than 64 megapixels.</exception>
    public static IReadOnlyList<string> UseGrey(Stream stream, Action<ReadOnlySpan<byte>, int, int> use, Action<int, int>? checkSize = null, string? kind = null)
    {
        using var data = SKData.Create(stream);
        using var codec = SKCodec.Create(data) ?? throw new InvalidDataException(kind is null ? "This is not a picture that can be read (PNG or JPEG)." : $"The {kind} is damaged: its header cannot be read.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MostPixels) throw new InvalidDataException($"The picture is {width} x {height}; the limit is 64 megapixels.");
        checkSize?.Invoke(width, height);

        var grey = ArrayPool<byte>.Shared.Rent(width * height);
        try
        {
            var pixels = grey.AsSpan(0, width * height);
            IReadOnlyList<string> notes = [];
            if (IsDeep(data.AsSpan())) notes = FillFromDeep(data, codec, pixels);
            else if (codec.Info.ColorType == SKColorType.Gray8) FillGrey(codec, pixels);
            else FillFromColours(codec, pixels);
            if (codec.EncodedOrigin == SKEncodedOrigin.TopLeft)
            {
                use(pixels, width, height);
            }
            else
            {
                var (turned, newWidth, newHeight) = Upright(pixels, width, height, codec.EncodedOrigin);
                use(turned, newWidth, newHeight);
            }
            return notes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(grey);
        }
    }

    /// <returns>Whether width and height change places on the way to an upright picture.</returns>
    public static bool IsLying(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    private static bool IsDeep(ReadOnlySpan<byte> file) => file.Length > PngHeadLength && file[0] == 0x89 && file[1..4].SequenceEqual("PNG"u8) && file[24] == 16;

    /// <summary>Eight bits of grey as they are, without a detour over colours.</summary>
    private static unsafe void FillGrey(SKCodec codec, Span<byte> grey)
    {
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Gray8, SKAlphaType.Opaque);
        fixed (byte* first = grey) Check(codec.GetPixels(info, (nint)first, info.Width, SKCodecOptions.Default));
    }

    private static void FillFromColours(SKCodec codec, Span<byte> grey)
    {
        using var bitmap = Decode(codec, SKColorType.Rgba8888, SKAlphaType.Premul);
        var source = bitmap.GetPixelSpan();
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = source.Slice(y * bitmap.RowBytes, bitmap.Width * 4);
            for (var x = 0; x < bitmap.Width; x++) grey[(y * bitmap.Width) + x] = ImageCodec.Luminance(row[x * 4], row[(x * 4) + 1], row[(x * 4) + 2]);
        }
    }

    /// <summary>Of sixteen bits, scanners often use the lower twelve, so that the upper eight alone are nearly black.</summary>
    private static List<string> FillFromDeep(SKData data, SKCodec codec, Span<byte> grey)
    {
        // The type of colour stands behind size and depth: 0 grey, 2 colours, 4 grey and alpha, 6 colours and alpha.
        var type = data.AsSpan()[25];
        ushort[] values;
        if (type is 2 or 6)
        {
            using var bitmap = Decode(codec, SKColorType.RgbaF16, SKAlphaType.Premul);
            values = Values(bitmap, 8, pixel => Luminance(Part(pixel, 0), Part(pixel, 1), Part(pixel, 2)));
        }
        else
        {
            using var asEight = SKData.CreateCopy(AsEightBits(data.ToArray(), type));
            using var eight = SKCodec.Create(asEight) ?? throw new InvalidDataException("The picture is damaged or cut short.");
            using var bitmap = Decode(eight, SKColorType.Rgba8888, SKAlphaType.Unpremul);
            values = type == 4
                ? Values(bitmap, 4, pixel => (ushort)((uint)Pair(pixel[0], pixel[1]) * Pair(pixel[2], pixel[3]) / ushort.MaxValue))
                : Values(bitmap, 4, pixel => Pair(pixel[0], pixel[3]));
        }
        var range = GreyRange.Of(values, []);
        for (var i = 0; i < values.Length; i++) grey[i] = range.Grey(values[i]);
        List<string> notes = ["it has sixteen bits per pixel; its darkest value was made black, its brightest white"];
        if (range.Outside > 0) notes.Add(OutsideNote(range.Outside));
        return notes;

        static float Part(ReadOnlySpan<byte> pixel, int part) => (float)BinaryPrimitives.ReadHalfLittleEndian(pixel[(2 * part)..]);
        static ushort Luminance(float red, float green, float blue) => (ushort)Math.Clamp(MathF.Round(((0.299f * red) + (0.587f * green) + (0.114f * blue)) * ushort.MaxValue), 0, ushort.MaxValue);
        static ushort Pair(byte high, byte low) => (ushort)((high << 8) | low);
    }

    internal static string OutsideNote(int pixels) => FormattableString.Invariant($"{pixels:#,##0} {(pixels == 1 ? "pixel is" : "pixels are")} far outside the other values and {(pixels == 1 ? "was" : "were")} left out of the range of grey values");

    private delegate ushort Reading(ReadOnlySpan<byte> pixel);

    private static ushort[] Values(SKBitmap bitmap, int bytesAPixel, Reading read)
    {
        var values = new ushort[bitmap.Width * bitmap.Height];
        var source = bitmap.GetPixelSpan();
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = source.Slice(y * bitmap.RowBytes, bitmap.Width * bytesAPixel);
            for (var x = 0; x < bitmap.Width; x++) values[(y * bitmap.Width) + x] = read(row.Slice(x * bytesAPixel, bytesAPixel));
        }
        return values;
    }

    /// <summary>
    /// Skia keeps the upper eight bits of grey. Grey of sixteen bits lies in a PNG byte by byte like eight bits of grey and alpha, and grey and
    /// alpha of sixteen like eight bits of four colours; so called, both halves of each value come out.
    /// </summary>
    private static byte[] AsEightBits(byte[] png, byte type)
    {
        (png[24], png[25]) = (8, (byte)(type == 4 ? 6 : 4));
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }

    private static SKBitmap Decode(SKCodec codec, SKColorType colours, SKAlphaType alpha)
    {
        // In the picture's own colour space: its values, not what a screen would make of them.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, colours, alpha, colours == SKColorType.RgbaF16 ? codec.Info.ColorSpace : null);
        var bitmap = new SKBitmap(info);
        try
        {
            Check(bitmap.GetPixels() == IntPtr.Zero ? SKCodecResult.InvalidScale : codec.GetPixels(info, bitmap.GetPixels()));
            return bitmap;
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    private static void Check(SKCodecResult result)
    {
        if (result != SKCodecResult.Success) throw new InvalidDataException("The picture is damaged or cut short.");
    }

    /// <summary>A phone keeps the picture as its sensor saw it, and beside it how it was held.</summary>
    private static (byte[] Pixels, int Width, int Height) Upright(ReadOnlySpan<byte> pixels, int width, int height, SKEncodedOrigin origin)
    {
        var (newWidth, newHeight) = IsLying(origin) ? (height, width) : (width, height);
        var turned = new byte[pixels.Length];
        for (var y = 0; y < newHeight; y++)
        {
            for (var x = 0; x < newWidth; x++)
            {
                var (fromX, fromY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                turned[(y * newWidth) + x] = pixels[(fromY * width) + fromX];
            }
        }
        return (turned, newWidth, newHeight);
    }
}
