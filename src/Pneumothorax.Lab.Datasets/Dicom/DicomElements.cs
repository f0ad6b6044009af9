using System.Buffers.Binary;

namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>A DICOM element's head. Its value follows in the stream.</summary>
/// <param name="Tag">Group and number, as 0x7FE00010.</param>
/// <param name="Length">Of the value in bytes; negative where it ends with a delimiter.</param>
internal readonly record struct DicomElement(uint Tag, long Length, bool HasKnownKind);

/// <summary>What is wrong with the elements of a file, in a few words after "The file".</summary>
/// <param name="isTooLarge">It unpacks to more than is read.</param>
internal sealed class DicomElementException(string message, bool isTooLarge = false) : Exception(message)
{
    public bool IsTooLarge => isTooLarge;
}

/// <summary>
/// Walks over the elements of a DICOM data set without reading their values, so that what is wrong with a file can be told exactly, and what would
/// unpack to gigabytes is told before anybody unpacks it.
/// </summary>
/// <param name="stream">At the first element.</param>
/// <param name="most">Bytes that may be read or passed over.</param>
internal sealed class DicomElements(Stream stream, bool isExplicit, bool isBigEndian, long most)
{
    public const uint Item = 0xFFFE_E000;
    public const uint ItemEnd = 0xFFFE_E00D;
    public const uint SequenceEnd = 0xFFFE_E0DD;

    private const int Deepest = 32;

    private static readonly string[] s_shortKinds = ["AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"];
    private static readonly string[] s_longKinds = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];

    private readonly byte[] _buffer = new byte[1 << 16];

    /// <summary>Bytes passed so far.</summary>
    public long Position { get; private set; }

    /// <returns>Null at the end of the stream, or where fewer bytes are left than a head has.</returns>
    /// <exception cref="EndOfStreamException">The stream ends in the middle of a head.</exception>
    public DicomElement? Next()
    {
        Span<byte> head = stackalloc byte[8];
        if (!Fill(head)) return null;

        var tag = ((uint)Short(head) << 16) | Short(head[2..]);
        // Items and their ends have no kind, whatever the syntax.
        if (tag >> 16 == 0xFFFE || !isExplicit) return new(tag, Long(head[4..]), true);

        var kind = string.Create(2, (head[4], head[5]), (letters, bytes) => (letters[0], letters[1]) = ((char)bytes.Item1, (char)bytes.Item2));
        if (!s_longKinds.Contains(kind)) return new(tag, Short(head[6..]), s_shortKinds.Contains(kind));

        Span<byte> length = stackalloc byte[4];
        return Fill(length) ? new(tag, Long(length), true) : throw new EndOfStreamException();
    }

    /// <summary>Goes to the end of an element.</summary>
    /// <exception cref="EndOfStreamException">The stream ends before it.</exception>
    /// <exception cref="DicomElementException">It holds no elements, or has more bytes than are allowed.</exception>
    public void Pass(DicomElement element, int depth = 0)
    {
        if (element.Length >= 0)
        {
            Pass(element.Length);
            return;
        }
        if (depth > Deepest) throw new DicomElementException("has too deeply nested sequences");
        while (Next() is { } inner)
        {
            if (inner.Tag is SequenceEnd or ItemEnd) return;
            if (!inner.HasKnownKind) throw new DicomElementException("has a damaged header");
            Pass(inner, depth + 1);
        }
        throw new EndOfStreamException();
    }

    /// <inheritdoc cref="Pass(DicomElement, int)"/>
    public void Pass(long length)
    {
        Check(length);
        if (stream.CanSeek)
        {
            if (length > stream.Length - stream.Position) throw new EndOfStreamException();
            stream.Seek(length, SeekOrigin.Current);
            Position += length;
            return;
        }
        for (var left = length; left > 0;)
        {
            var read = stream.Read(_buffer, 0, (int)Math.Min(left, _buffer.Length));
            if (read == 0) throw new EndOfStreamException();
            (left, Position) = (left - read, Position + read);
        }
    }

    /// <returns>Fewer bytes than asked for only where the stream ends.</returns>
    public ReadOnlySpan<byte> Read(int length)
    {
        Check(length);
        var read = stream.ReadAtLeast(_buffer.AsSpan(0, length), length, throwOnEndOfStream: false);
        Position += read;
        return _buffer.AsSpan(0, read);
    }

    private bool Fill(Span<byte> bytes)
    {
        Check(bytes.Length);
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        Position += read;
        return read == bytes.Length || (read == 0 ? false : throw new EndOfStreamException());
    }

    private void Check(long length)
    {
        if (length > most - Position) throw new DicomElementException($"unpacks to more than {most >> 20} MB, which is the limit", isTooLarge: true);
    }

    private ushort Short(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private long Long(ReadOnlySpan<byte> bytes) => (isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)) is var length && length == uint.MaxValue ? -1 : length;
}
