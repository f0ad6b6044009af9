using System.IO.Compression;
using System.Text;

namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>Where the pixels of a DICOM file lie, and what their own stream says of their size, whatever the header declares.</summary>
internal sealed record DicomLayout
{
    /// <summary>Of what a file unpacks to: twice the largest picture that is read, at two bytes a pixel.</summary>
    public const long MostBytes = 256L << 20;

    public const string Deflated = "1.2.840.10008.1.2.1.99";

    private const uint Syntax = 0x0002_0010;
    private const uint Pixels = 0x7FE0_0010;

    /// <summary>Why the file cannot be read, in a few words after "The file"; null where nothing is wrong with its elements, or nothing that can be told.</summary>
    public string? Why { get; init; }

    /// <summary>Whether it is no DICOM file at all, or one that unpacks to more than is read.</summary>
    public bool MustNotBeOpened { get; init; }

    /// <summary>Of the pixels in the file; 0 where they are compressed, or the file is.</summary>
    public long PixelOffset { get; init; }

    /// <summary>0 where the pixels are compressed.</summary>
    public long PixelBytes { get; init; }

    /// <summary>As the JPEG stream of the first frame says.</summary>
    public (int Width, int Height)? StreamSize { get; init; }

    /// <summary>Whether the end of the JPEG stream is there; null where the pixels are no such stream.</summary>
    public bool? IsStreamWhole { get; init; }

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public static DicomLayout Of(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            return Walk(file);
        }
        catch (EndOfStreamException)
        {
            return new() { Why = "is cut short: it ends before its pixels do" };
        }
        catch (DicomElementException exception)
        {
            return new() { Why = exception.Message, MustNotBeOpened = exception.IsTooLarge };
        }
        catch (InvalidDataException)
        {
            return new() { Why = "is damaged: it cannot be unpacked" };
        }
    }

    private static DicomLayout Walk(FileStream file)
    {
        file.Seek(DicomReader.HeadLength, SeekOrigin.Begin);
        if (ReadMeta(file) is not { } syntax) return new() { Why = "is not a DICOM file: DICM is at its place, but no header follows", MustNotBeOpened = true };
        var start = file.Position;
        using var unpacked = syntax == Deflated ? new DeflateStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
        var elements = new DicomElements((Stream?)unpacked ?? file, syntax != "1.2.840.10008.1.2", syntax == "1.2.840.10008.1.2.2", unpacked is null ? long.MaxValue : MostBytes);
        var layout = new DicomLayout();
        var tag = 0u;
        while (true)
        {
            var before = elements.Position;
            DicomElement? next;
            try
            {
                next = elements.Next();
                if (next is not { } element) return layout;
                if (!element.HasKnownKind || element.Tag <= tag) throw new DicomElementException("has a damaged header");
                tag = element.Tag;
                if (tag != Pixels) elements.Pass(element);
            }
            catch (Exception exception) when (tag >= Pixels && before > 0 && unpacked is null && exception is DicomElementException or EndOfStreamException)
            {
                return layout with { Why = FormattableString.Invariant($"continues after its pixels with {file.Length - start - before:#,##0} bytes that are not DICOM elements") };
            }
            if (tag != Pixels) continue;
            layout = next.Value.Length < 0 ? Fragments(elements) : new() { PixelOffset = unpacked is null ? file.Position : 0, PixelBytes = next.Value.Length };
            if (next.Value.Length >= 0) elements.Pass(next.Value);
        }
    }

    /// <returns>The transfer syntax; that of files without a header where there is none; null where what follows is no DICOM.</returns>
    private static string? ReadMeta(FileStream file)
    {
        var elements = new DicomElements(file, isExplicit: true, isBigEndian: false, most: long.MaxValue);
        string? syntax = null;
        while (true)
        {
            var start = file.Position;
            var element = elements.Next();
            if (element is not { } meta) break;
            if (meta.Tag >> 16 != 2)
            {
                // Old files have no header, and their data set begins with group 8.
                if (syntax is null && meta.Tag >> 16 != 8) return null;
                file.Seek(start, SeekOrigin.Begin);
                return syntax ?? (meta.HasKnownKind ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2");
            }
            if (meta.Tag == Syntax && meta.Length is >= 0 and <= 64) syntax = Encoding.ASCII.GetString(elements.Read((int)meta.Length)).TrimEnd('\0', ' ');
            else elements.Pass(meta);
        }
        return syntax ?? throw new EndOfStreamException();
    }

    private static DicomLayout Fragments(DicomElements elements)
    {
        var layout = new DicomLayout();
        byte[] tail = [];
        for (var fragment = 0; ; fragment++)
        {
            if (elements.Next() is not { } item) throw new EndOfStreamException();
            if (item.Tag == DicomElements.SequenceEnd) return layout with { IsStreamWhole = layout.StreamSize is null ? null : EndsWhole(tail) };
            if (item.Tag != DicomElements.Item || item.Length < 0) throw new DicomElementException("has damaged pixels: they are not in the pieces that they should be in");

            // The first one is a table of where frames begin.
            var start = elements.Position;
            if (fragment == 1) layout = new() { StreamSize = JpegFrame.SizeOf(elements, item.Length) };
            var tailLength = (int)Math.Min(item.Length, 16);
            var toTail = start + item.Length - tailLength - elements.Position;
            if (toTail > 0) elements.Pass(toTail);
            tail = elements.Read((int)(start + item.Length - elements.Position)).ToArray();
            if (elements.Position < start + item.Length) throw new EndOfStreamException();
        }
    }

    private static bool EndsWhole(ReadOnlySpan<byte> tail) => tail.TrimEnd((byte)0).EndsWith<byte>([0xFF, 0xD9]);
}
