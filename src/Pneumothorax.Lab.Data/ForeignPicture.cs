using System.Buffers.Binary;
using Pneumothorax.Lab.Data.Dicom;
using SkiaSharp;

namespace Pneumothorax.Lab.Data;

/// <summary>
/// A picture of which nothing is known but its bytes: what it is, is told by its content, its size before it is decoded. Only grey values
/// leave here, no metadata.
/// </summary>
/// <param name="Pixels">Width x Height grey values, row by row, upright.</param>
/// <param name="Kind">"PNG", "JPEG" or "DICOM".</param>
/// <param name="Warnings">What a reader should know before trusting an answer about it, each a short line.</param>
public sealed record ForeignPicture(byte[] Pixels, int Width, int Height, string Kind, IReadOnlyList<string> Warnings)
{
    /// <summary>Smaller ones show no pleural line.</summary>
    public const int LeastSide = 64;

    /// <summary>Four bytes each while it is decoded: a quarter of a gigabyte.</summary>
    public const long MostPixels = 64L << 20;

    /// <summary>A strip of letters, or a screenshot of a whole page, is no X-ray; drawn out to a square it would be nothing at all.</summary>
    private const int MostLopsided = 4;

    /// <summary>Enough to tell what a file is.</summary>
    public const int HeadLength = 512;

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    /// <returns>"PNG", "JPEG", "DICOM", or null for anything else.</returns>
    public static string? KindOf(ReadOnlySpan<byte> head) => head.StartsWith(Png) ? "PNG" : head.StartsWith(Jpeg) ? "JPEG" : DicomReader.IsDicom(head) ? "DICOM" : null;

    /// <returns>A sentence about a file of another kind: what it is, where that can be told.</returns>
    public static string Refusal(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) return "The file is empty.";
        var what = head switch
        {
            _ when head.StartsWith("GIF8"u8) => "a GIF",
            _ when head.StartsWith("RIFF"u8) && head.Length >= 12 && head.Slice(8, 4).SequenceEqual("WEBP"u8) => "a WebP picture",
            _ when head.StartsWith("BM"u8) => "a BMP picture",
            _ when head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) => "a TIFF",
            _ when head.StartsWith("%PDF"u8) => "a PDF",
            _ when head.StartsWith("PK"u8) => "a ZIP file or an office document",
            _ when head.Length >= 12 && head.Slice(4, 4).SequenceEqual("ftyp"u8) => "a HEIC picture or a film",
            _ when head.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'<', ..] => "a web page or a drawing (HTML, SVG)",
            _ => null,
        };
        return what is null ? "This is no picture that is read here: save it as PNG, JPEG or DICOM." : $"This is {what}, whatever its name says. Save it as PNG, JPEG or DICOM.";
    }

    /// <exception cref="InvalidDataException">Another format, damaged, cut short, too large or too small; the message is one sentence.</exception>
    public static ForeignPicture Read(string path)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        using (var file = File.OpenRead(path)) head = head[..file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false)];
        if (KindOf(head) is not { } kind) throw new InvalidDataException(Refusal(head));
        if (kind != "DICOM") return Decode(path, kind, isDeep: kind == "PNG" && IsDeepGrey(head));

        var picture = DicomReader.Read(path);
        CheckSize(picture.Width, picture.Height);
        return new(picture.Pixels, picture.Width, picture.Height, kind, picture.Warnings);
    }

    /// <summary>Bit depth and colour type stand behind signature, chunk length and name, width and height.</summary>
    private static bool IsDeepGrey(ReadOnlySpan<byte> head) => head.Length > 33 && head[24] == 16 && head[25] == 0;

    private static ForeignPicture Decode(string path, string kind, bool isDeep)
    {
        using var data = isDeep ? SKData.CreateCopy(AsGreyAndAlpha(File.ReadAllBytes(path))) : SKData.Create(path);
        using var codec = SKCodec.Create(data) ?? throw new InvalidDataException($"The {kind} is damaged: its header cannot be read.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        CheckSize(width, height);
        var (pixels, warnings) = isDeep ? DecodeDeep(codec) : (Decode(codec), []);
        (pixels, width, height) = Upright(pixels, width, height, codec.EncodedOrigin);
        if (pixels.AsSpan().IndexOfAnyExcept(pixels[0]) < 0) warnings.Add("nothing but a single grey value");
        return new(pixels, width, height, kind, warnings);
    }

    /// <exception cref="InvalidDataException">No X-ray has this size.</exception>
    public static void CheckSize(int width, int height)
    {
        if ((long)width * height > MostPixels) throw new InvalidDataException($"The picture declares {width} x {height} pixels; at most 64 megapixels are read.");
        if (Math.Min(width, height) < LeastSide) throw new InvalidDataException($"The picture has {width} x {height} pixels; an X-ray needs at least {LeastSide} on each side.");
        if (Math.Max(width, height) > MostLopsided * (long)Math.Min(width, height))
            throw new InvalidDataException($"The picture has {width} x {height} pixels; no side may be more than {MostLopsided} times the other.");
    }

    private static byte[] Decode(SKCodec codec)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        Fill(codec, bitmap);
        var grey = new byte[bitmap.Width * bitmap.Height];
        var source = bitmap.GetPixelSpan();
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = source.Slice(y * bitmap.RowBytes, bitmap.Width * 4);
            for (var x = 0; x < bitmap.Width; x++) grey[y * bitmap.Width + x] = (byte)((299 * row[x * 4] + 587 * row[x * 4 + 1] + 114 * row[x * 4 + 2] + 500) / 1000);
        }
        return grey;
    }

    /// <summary>
    /// Skia keeps the upper eight of sixteen bits, of which scanners often use the lower twelve. A picture of eight bits with transparency lies
    /// in a PNG byte by byte like one of sixteen without; so called, both halves of each value come out.
    /// </summary>
    private static byte[] AsGreyAndAlpha(byte[] png)
    {
        (png[24], png[25]) = (8, 4);
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

    /// <summary>From the darkest to the brightest value becomes from black to white.</summary>
    /// <param name="codec">Of what <see cref="AsGreyAndAlpha"/> made.</param>
    private static (byte[] Pixels, List<string> Warnings) DecodeDeep(SKCodec codec)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Fill(codec, bitmap);
        var values = new int[bitmap.Width * bitmap.Height];
        var source = bitmap.GetPixelSpan();
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = source.Slice(y * bitmap.RowBytes, bitmap.Width * 4);
            for (var x = 0; x < bitmap.Width; x++) values[y * bitmap.Width + x] = (row[x * 4] << 8) | row[x * 4 + 3];
        }
        var (low, range) = (values.Min(), Math.Max(1, values.Max() - values.Min()));
        return (Array.ConvertAll(values, value => (byte)((255 * (value - low) + range / 2) / range)), ["sixteen bits a pixel; its darkest value was made black, its brightest white"]);
    }

    private static void Fill(SKCodec codec, SKBitmap bitmap)
    {
        if (bitmap.GetPixels() == IntPtr.Zero || codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success)
            throw new InvalidDataException("The picture is damaged or cut short.");
    }

    /// <summary>A phone keeps the picture as its sensor saw it, and beside it how it was held.</summary>
    private static (byte[] Pixels, int Width, int Height) Upright(byte[] pixels, int width, int height, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft) return (pixels, width, height);

        var lying = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (newWidth, newHeight) = lying ? (height, width) : (width, height);
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
                turned[y * newWidth + x] = pixels[fromY * width + fromX];
            }
        }
        return (turned, newWidth, newHeight);
    }
}
