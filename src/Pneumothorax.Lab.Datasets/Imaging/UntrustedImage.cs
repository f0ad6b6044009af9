using Pneumothorax.Lab.Datasets.Dicom;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>
/// A picture of which nothing is known but its bytes: what it is, is told by its content, its size before it is decoded. Only grey values
/// leave here, no metadata.
/// </summary>
/// <param name="Pixels">Width x Height grey values, row by row, upright.</param>
/// <param name="Kind">"PNG", "JPEG" or "DICOM".</param>
/// <param name="Warnings">What a reader should know before trusting an answer about it, each a short line.</param>
public sealed record UntrustedImage(byte[] Pixels, int Width, int Height, string Kind, IReadOnlyList<string> Warnings)
{
    /// <summary>Smaller ones show no pleural line.</summary>
    public const int LeastSide = 64;

    /// <summary>
    /// Twice what the largest detectors of X-rays give. More would be refused in any case by the clock: a picture of a few kilobytes can declare
    /// any size, and while it is decoded another student waits.
    /// </summary>
    public const long MostPixels = 32L << 20;

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
            _ when head.Length >= 12 && head.Slice(4, 4).SequenceEqual("ftyp"u8) => "a HEIC picture or a video",
            _ when head.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'<', ..] => "a web page or a drawing (HTML, SVG)",
            _ => null,
        };
        return what is null ? "This is not a picture that can be read here. Save it as PNG, JPEG or DICOM." : $"This is {what}, which cannot be read here. Save it as PNG, JPEG or DICOM.";
    }

    /// <exception cref="InvalidDataException">Another format, damaged, cut short, too large or too small; the message is one sentence.</exception>
    public static UntrustedImage Read(string path)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        using (var file = File.OpenRead(path)) head = head[..file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false)];
        if (KindOf(head) is not { } kind) throw new InvalidDataException(Refusal(head));
        if (kind != "DICOM") return Decode(path, kind);

        var picture = DicomReader.Read(path, CheckSize);
        return new(picture.Pixels, picture.Width, picture.Height, kind, picture.Warnings);
    }

    private static UntrustedImage Decode(string path, string kind)
    {
        using var file = File.OpenRead(path);
        var picture = (Pixels: (byte[])[], Width: 0, Height: 0);
        var notes = PictureDecoder.UseGrey(file, (grey, width, height) => picture = (grey.ToArray(), width, height), CheckSize, kind);
        var (pixels, width, height) = picture;
        return new(pixels, width, height, kind, pixels.AsSpan().IndexOfAnyExcept(pixels[0]) < 0 ? [.. notes, "it has only a single grey value"] : notes);
    }

    /// <exception cref="InvalidDataException">No X-ray has this size.</exception>
    public static void CheckSize(int width, int height)
    {
        if ((long)width * height > MostPixels) throw new InvalidDataException($"The picture declares {width} x {height} pixels; the limit is 32 megapixels.");
        if (Math.Min(width, height) < LeastSide) throw new InvalidDataException($"The picture has {width} x {height} pixels; an X-ray needs at least {LeastSide} on each side.");
        if (Math.Max(width, height) > MostLopsided * (long)Math.Min(width, height))
            throw new InvalidDataException($"The picture has {width} x {height} pixels; no side may be longer than {MostLopsided} times the other.");
    }
}
