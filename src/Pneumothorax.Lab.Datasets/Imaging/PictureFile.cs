using System.Buffers;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>A PNG or JPEG in memory: what its header declares, and its pixels on demand.</summary>
internal sealed class PictureFile : IDisposable
{
    /// <summary>A picture of the most pixels that are taken, with four times sixteen bits each.</summary>
    private const int MostMegabytes = 576;

    /// <summary>PNG and JPEG alone, on the thread that asks: imports and requests already use every core.</summary>
    internal static readonly Configuration Configuration = Configure();

    private readonly byte[] _rented;
    private readonly int _length;
    private readonly PngMetadata? _png;

    /// <summary>How the camera was held, as EXIF numbers it; 1 is upright. Skipped in a PNG.</summary>
    private readonly ushort _orientation = 1;

    private PictureFile(byte[] rented, int length, string? kind)
    {
        (_rented, _length) = (rented, length);
        var unreadable = kind is null ? "This is not a picture that can be read (PNG or JPEG)." : $"The {kind} is damaged: its header cannot be read.";
        // Of a PNG what stands before the pixels, so that damage further on is not taken for damage of the header.
        using var content = Content(Png.StartsWith(File) ? Png.HeadLength(File) : length);
        var info = Guard(() => Image.Identify(Configuration, content), unreadable) ?? throw new InvalidDataException(unreadable);
        if (info.Width < 1 || info.Height < 1) throw new InvalidDataException(unreadable);

        (Width, Height) = (info.Width, info.Height);
        if (Png.StartsWith(File))
        {
            _png = info.Metadata.GetPngMetadata();
            HasAlpha = _png.ColorType is PngColorType.GrayscaleWithAlpha or PngColorType.RgbWithAlpha || Png.HasChunk(File, "tRNS"u8);
            IsGrey = _png.ColorType == PngColorType.Grayscale && !HasAlpha;
            IsDeep = _png.BitDepth == PngBitDepth.Bit16;
        }
        else
        {
            IsGrey = info.Metadata.GetJpegMetadata().ColorType == JpegColorType.Luminance;
            _orientation = info.Metadata.ExifProfile?.GetValue(ExifTag.Orientation)?.Value is { } value and >= 1 and <= 8 ? value : (ushort)1;
        }
    }

    /// <summary>As stored, before it is turned upright.</summary>
    public int Width { get; }

    public int Height { get; }

    public bool HasAlpha { get; }

    /// <summary>Grey values and nothing else.</summary>
    public bool IsGrey { get; }

    /// <summary>Sixteen bits a value.</summary>
    public bool IsDeep { get; }

    /// <summary>Whether width and height change places on the way to an upright picture.</summary>
    public bool IsLying => _orientation > 4;

    private ReadOnlySpan<byte> File => _rented.AsSpan(0, _length);

    /// <param name="kind">"PNG" or "JPEG" where its first bytes have told already.</param>
    /// <exception cref="InvalidDataException">Neither, or its header cannot be read.</exception>
    public static PictureFile Read(Stream stream, string? kind = null)
    {
        if (!stream.CanSeek)
        {
            // Its length shows only at its end.
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            return Read(copy, kind);
        }
        var rented = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(stream.Length - stream.Position, 1, Array.MaxLength));
        try
        {
            return new(rented, stream.ReadAtLeast(rented, rented.Length, throwOnEndOfStream: false), kind);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);

    /// <returns>The upright picture.</returns>
    /// <exception cref="InvalidDataException">Damaged or cut short.</exception>
    public Image<TPixel> Decode<TPixel>()
        where TPixel : unmanaged, IPixel<TPixel>
    {
        const string damaged = "The picture is damaged or cut short.";
        using var content = Content(_length);
        var image = Guard(() => Image.Load<TPixel>(Configuration, content), damaged);
        try
        {
            if (image.Width != Width || image.Height != Height || !IsComplete(image)) throw new InvalidDataException(damaged);
            if (_orientation != 1) image.Mutate(Configuration, upright => upright.AutoOrient());
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>ImageSharp leaves black what a file cut short does not tell.</summary>
    private bool IsComplete<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (_png is null) return JpegEnd.IsIn(File);

        // Rows come in turn. Where the last one has a value, none is missing; only where it has not are all counted, which takes half as long as decoding.
        var last = MemoryMarshal.AsBytes(image.Frames.RootFrame.DangerousGetPixelRowMemory(image.Height - 1).Span);
        return (_png.InterlaceMethod != PngInterlaceMode.Adam7 && last.ContainsAnyExcept((byte)0)) || Png.HasAllRows(File, Width, Height);
    }

    private MemoryStream Content(int length) => new(_rented, 0, length, writable: false);

    /// <summary>A decoder that is given anything at all may end in any exception.</summary>
    private static T Guard<T>(Func<T> read, string message)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new InvalidDataException(message, exception);
        }
    }

    private static Configuration Configure()
    {
        var configuration = new Configuration(new PngConfigurationModule(), new JpegConfigurationModule())
        {
            MaxDegreeOfParallelism = 1,
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = MostMegabytes }),
        };
        // Texts in a PNG are packed, and a few bytes can become gigabytes.
        configuration.ImageFormatsManager.SetDecoder(PngFormat.Instance, new PngDecoder { IgnoreMetadata = true });
        return configuration;
    }
}
