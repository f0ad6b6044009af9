using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>What ImageSharp does not tell of a PNG: whether a chunk is there, and whether all rows are.</summary>
internal static class Png
{
    /// <summary>Where a row, column and distance of each pass of an interlaced picture lie.</summary>
    private static readonly (int X, int Y, int Across, int Down)[] s_passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool StartsWith(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    public static bool HasChunk(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name)
    {
        for (var at = Signature.Length; TryChunk(file, at, out var found, out var content); at += content.Length + 12)
        {
            if (found.SequenceEqual(name)) return true;
        }
        return false;
    }

    /// <returns>Bytes before the first pixels.</returns>
    public static int HeadLength(ReadOnlySpan<byte> file)
    {
        var at = Signature.Length;
        while (TryChunk(file, at, out var name, out var content) && !name.SequenceEqual("IDAT"u8)) at += content.Length + 12;
        return Math.Clamp(at, 0, file.Length);
    }

    /// <summary>Unpacks and counts.</summary>
    public static bool HasAllRows(ReadOnlySpan<byte> file, int width, int height)
    {
        var missing = Bytes(file, width, height);
        using var packed = new MemoryStream();
        for (var at = Signature.Length; TryChunk(file, at, out var name, out var content); at += content.Length + 12)
        {
            if (name.SequenceEqual("IDAT"u8)) packed.Write(content);
        }
        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (missing > 0 && rows.Read(buffer) is var read and > 0) missing -= read;
            return missing <= 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>Of all rows, each with the byte that names its filter.</returns>
    private static long Bytes(ReadOnlySpan<byte> file, int width, int height)
    {
        // Behind the sizes stand the depth and the type of colour; last, whether it is interlaced.
        var (depth, type, interlaced) = (file[24], file[25], file[28] == 1);
        var bits = depth * type switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        return interlaced ? s_passes.Sum(pass => Pass(Count(width, pass.X, pass.Across), Count(height, pass.Y, pass.Down))) : Pass(width, height);

        static int Count(int side, int first, int step) => (Math.Max(0, side - first) + step - 1) / step;
        long Pass(int columns, int rows) => columns == 0 ? 0 : rows * (1 + (((long)columns * bits) + 7) / 8);
    }

    /// <summary>A chunk is its length, name, content and checksum; the last one may be cut short.</summary>
    private static bool TryChunk(ReadOnlySpan<byte> file, int at, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        name = content = [];
        if (at < 0 || at > file.Length - 8) return false;

        var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        name = file.Slice(at + 4, 4);
        content = file.Slice(at + 8, (int)Math.Min(length, (uint)(file.Length - at - 8)));
        return true;
    }
}
