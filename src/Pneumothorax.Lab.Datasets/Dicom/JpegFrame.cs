using System.Buffers.Binary;

namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>The size that a JPEG or JPEG-LS stream declares itself.</summary>
internal static class JpegFrame
{
    /// <param name="elements">At the stream's first byte; read up to somewhere in the stream.</param>
    /// <param name="length">Of the stream or of its first piece.</param>
    /// <returns>Null where no size is found, or the pixels are compressed in another way.</returns>
    public static (int Width, int Height)? SizeOf(DicomElements elements, long length)
    {
        var end = elements.Position + length;
        Span<byte> head = stackalloc byte[4];
        if (length < 4 || !elements.Read(2).SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xD8])) return null;

        while (end - elements.Position >= 9)
        {
            elements.Read(4).CopyTo(head);
            var size = BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
            if (head[0] != 0xFF || size < 2 || head[1] is 0xD9 or 0xDA) return null;
            if (head[1] is 0xF7 or (>= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)))
            {
                if (end - elements.Position < 5) return null;
                var frame = elements.Read(5);
                var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]));
                return width > 0 && height > 0 ? (width, height) : null;
            }
            if (size - 2 > end - elements.Position) return null;
            elements.Pass(size - 2L);
        }
        return null;
    }
}
