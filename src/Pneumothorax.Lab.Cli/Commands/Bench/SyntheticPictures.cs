using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Pneumothorax.Lab.Cli.Commands.Bench;

/// <summary>
/// Square grey PNGs by the thousand, at 1024 x 1024 as heavy as those of NIH: a few bodies that are compressed once, below four rows of noise that make
/// each picture another. Decoding one costs what it costs to decode any.
/// </summary>
/// <param name="side">Pixels; more than the rows of noise.</param>
internal sealed class SyntheticPictures(int side)
{
    private const int OwnRows = 4;
    private const int Bodies = 16;

    private readonly (byte[] Chunk, uint Adler, int Length)[] _bodies = [.. Enumerable.Range(0, Bodies).Select(seed => Body(seed, side))];

    /// <summary>Writes a folder in NIH's layout: a fifth of the patients, one picture each, have a pneumothorax.</summary>
    /// <returns>The pictures' paths.</returns>
    public IReadOnlyList<string> Write(string folder, int count)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(folder, "images", "images")).FullName;
        var paths = Enumerable.Range(0, count).Select(i => Path.Combine(pictures, string.Create(CultureInfo.InvariantCulture, $"{i + 1:00000000}_000.png"))).ToList();
        Parallel.For(0, count, i => File.WriteAllBytes(paths[i], Picture(i)));
        File.WriteAllLines(Path.Combine(folder, "Data_Entry_2017.csv"),
        [
            "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position",
            .. paths.Select((path, i) => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)},{(i % 5 == 0 ? "Pneumothorax" : "No Finding")},0,{i + 1},50,M,PA")),
        ]);
        return paths;
    }

    private byte[] Picture(int index)
    {
        var (body, bodyAdler, bodyLength) = _bodies[index % Bodies];
        var random = new Random(index);
        var rows = new byte[OwnRows * (side + 1)];
        for (var y = 0; y < OwnRows; y++) random.NextBytes(rows.AsSpan((y * (side + 1)) + 1, side));
        using var file = new MemoryStream(body.Length + rows.Length + 200);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 8;
        Chunk(file, "IHDR"u8, header);
        // One stream of two parts: the first ends on a whole byte and is not the last.
        Chunk(file, "IDAT"u8, [0x78, 0x9c, .. Deflate(rows, last: false)]);
        file.Write(body);
        var adler = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(adler, Join(Adler(rows), bodyAdler, bodyLength));
        Chunk(file, "IDAT"u8, adler);
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>Slow shades under fine noise, the rows filtered in turns as encoders choose to.</summary>
    private static (byte[] Chunk, uint Adler, int Length) Body(int seed, int side)
    {
        var random = new Random(-1 - seed);
        var grey = new byte[side * side];
        double across = 1 + random.NextDouble(), down = 1 + random.NextDouble();
        for (var i = 0; i < grey.Length; i++) grey[i] = (byte)(110 + (50 * Math.Sin(across * (i % side) / 200)) + (50 * Math.Cos(down * (i / side) / 200)) + random.Next(6));

        var filtered = new byte[(side - OwnRows) * (side + 1)];
        for (var y = OwnRows; y < side; y++)
        {
            var row = filtered.AsSpan((y - OwnRows) * (side + 1), side + 1);
            // 1: beside; 2: above; 4: Paeth. The first row must not look above, where every picture has its own.
            row[0] = (byte)(y == OwnRows ? 1 : (y % 3) switch { 0 => 1, 1 => 2, _ => 4 });
            for (var x = 0; x < side; x++)
            {
                int left = x > 0 ? grey[(y * side) + x - 1] : 0, above = grey[((y - 1) * side) + x], corner = x > 0 ? grey[((y - 1) * side) + x - 1] : 0;
                row[x + 1] = (byte)(grey[(y * side) + x] - (row[0] switch { 1 => left, 2 => above, _ => Paeth(left, above, corner) }));
            }
        }
        using var chunk = new MemoryStream();
        Chunk(chunk, "IDAT"u8, Deflate(filtered, last: true));
        return (chunk.ToArray(), Adler(filtered), filtered.Length);
    }

    private static int Paeth(int left, int above, int corner)
    {
        var guess = left + above - corner;
        int a = Math.Abs(guess - left), b = Math.Abs(guess - above), c = Math.Abs(guess - corner);
        return a <= b && a <= c ? left : b <= c ? above : corner;
    }

    private static byte[] Deflate(byte[] bytes, bool last)
    {
        var packed = new MemoryStream();
        using var stream = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true);
        stream.Write(bytes);
        stream.Flush();
        if (!last) return packed.ToArray();
        stream.Dispose();
        return packed.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(content, Crc(kind, uint.MaxValue)));
        file.Write(number);
    }

    private static readonly uint[] s_crc = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1))];

    private static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (var value in bytes) crc = s_crc[(crc ^ value) & 0xff] ^ (crc >> 8);
        return crc;
    }

    private const uint Modulus = 65521;

    private static uint Adler(ReadOnlySpan<byte> bytes)
    {
        ulong a = 1, b = 0;
        foreach (var value in bytes)
        {
            a = (a + value) % Modulus;
            b = (b + a) % Modulus;
        }
        return (uint)((b << 16) | a);
    }

    /// <returns>Adler-32 of two pieces one after the other, the second <paramref name="length"/> bytes long.</returns>
    private static uint Join(uint first, uint second, int length)
    {
        ulong a1 = first & 0xffff, b1 = first >> 16, a2 = second & 0xffff, b2 = second >> 16;
        var a = (a1 + a2 + Modulus - 1) % Modulus;
        var b = (b1 + b2 + ((ulong)length % Modulus * ((a1 + Modulus - 1) % Modulus))) % Modulus;
        return (uint)((b << 16) | a);
    }
}
