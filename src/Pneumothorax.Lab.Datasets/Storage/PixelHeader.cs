using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pneumothorax.Lab.Datasets.Storage;

/// <summary>
/// First 64 bytes of a pixel file: "labpix" and the version (8 bytes), count, width, height (int32, little-endian), 4 bytes of
/// zero, SHA-256 of the pixels (32 bytes), 8 bytes of zero.
/// </summary>
internal sealed record PixelHeader(int Count, int Width, int Height, ReadOnlyMemory<byte> Sha256)
{
    public const int Length = 64;

    private static ReadOnlySpan<byte> Magic => "labpix01"u8;

    public int ImageBytes => Width * Height;

    public long PixelBytes => (long)Count * ImageBytes;

    public void Write(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], Height);
        Sha256.Span.CopyTo(bytes.Slice(24, SHA256.HashSizeInBytes));
        stream.Write(bytes);
    }

    public static PixelHeader Read(Stream stream, string path)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (stream.ReadAtLeast(bytes, Length, throwOnEndOfStream: false) < Length || !bytes[..8].SequenceEqual(Magic))
            throw new InvalidDataException($"{path} is not a pixel file of this version.");

        var header = new PixelHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            bytes.Slice(24, SHA256.HashSizeInBytes).ToArray());
        if (header.Count < 1 || header.Width != DatasetManifest.Side || header.Height != DatasetManifest.Side)
            throw new InvalidDataException($"{path} declares {header.Count} images of {header.Width} x {header.Height}.");
        return header;
    }
}
