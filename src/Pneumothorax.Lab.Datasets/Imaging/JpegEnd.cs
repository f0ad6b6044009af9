using System.Buffers.Binary;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>Whether a JPEG was cut short, which ImageSharp does not tell: it makes grey of what is missing.</summary>
internal static class JpegEnd
{
    public static bool IsIn(ReadOnlySpan<byte> file)
    {
        // Segments, each with its length, and between them scans, in which FF 00 is a value and D0 to D7 mark places to restart at.
        var at = 2;
        while (at < file.Length && file[at..].IndexOf((byte)0xFF) is var found and >= 0)
        {
            at += found + 1;
            if (at >= file.Length) return false;
            switch (file[at])
            {
                case 0xD9:
                    return true;
                case 0xFF:
                    break;
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD8):
                    at++;
                    break;
                default:
                    if (at + 3 > file.Length) return false;
                    at += 1 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 1)..]);
                    break;
            }
        }
        return false;
    }
}
