using System.Buffers.Binary;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>The first frame's values as the file keeps them, before anything makes grey of them: nine to sixteen bits, one value a pixel.</summary>
/// <param name="Values">From 0 for the least that the bits can say, also where they are signed.</param>
/// <param name="Padding">True where the file says that nothing was measured; empty where it says no such thing.</param>
internal sealed record StoredPixels(ushort[] Values, bool[] Padding)
{
    /// <summary>Whether values of this kind are read here.</summary>
    public static bool Has(DicomTags tags) => tags.IsGrey && tags.BitsStored is > 8 and <= 16 && tags.BitsAllocated >= tags.BitsStored;

    /// <exception cref="InvalidDataException">They cannot be read; the message is one line.</exception>
    public static StoredPixels Read(string path, DicomTags tags, DicomLayout layout, Func<string[], long, ReadOnlyMemory<byte>> render)
    {
        var count = tags.Columns!.Value * tags.Rows!.Value;
        return layout.PixelOffset > 0 && tags.IsPlain && tags.BitsAllocated == 16 ? ReadPlain(path, tags, layout, count) : ReadRendered(tags, count, render);
    }

    /// <summary>From black to white over the values that are used.</summary>
    public (byte[] Grey, List<string> Notes) Stretch(bool inverted)
    {
        var range = GreyRange.Of(Values, Padding);
        var grey = new byte[Values.Length];
        var padded = 0;
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = inverted ? (byte)(255 - range.Grey(Values[i])) : range.Grey(Values[i]);
            if (Padding.Length > 0 && Padding[i] && (Values[i] < range.Low || Values[i] > range.High)) padded++;
        }
        List<string> notes = [];
        if (padded > 0) notes.Add(FormattableString.Invariant($"{padded:#,##0} {(padded == 1 ? "pixel has" : "pixels have")} the value that the file gives for padding and {(padded == 1 ? "is" : "are")} black"));
        if (range.Outside > 0) notes.Add(PictureDecoder.OutsideNote(range.Outside));
        return (grey, notes);
    }

    /// <summary>What was not measured is black, as the air beside a chest is.</summary>
    public void Blacken(Span<byte> grey)
    {
        for (var i = 0; i < Padding.Length; i++)
        {
            if (Padding[i]) grey[i] = 0;
        }
    }

    private static StoredPixels ReadPlain(string path, DicomTags tags, DicomLayout layout, int count)
    {
        var bytes = new byte[2L * count];
        using (var file = File.OpenRead(path))
        {
            file.Seek(layout.PixelOffset, SeekOrigin.Begin);
            file.ReadExactly(bytes);
        }
        var values = new ushort[count];
        var padding = tags.Padding is null ? [] : new bool[count];
        var (shift, mask, sign) = (Math.Clamp(tags.HighBit + 1 - tags.BitsStored, 0, 16 - tags.BitsStored), (1 << tags.BitsStored) - 1, tags.IsSigned ? 1 << (tags.BitsStored - 1) : 0);
        for (var i = 0; i < count; i++)
        {
            var word = bytes.AsSpan(2 * i);
            var stored = tags.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(word) : BinaryPrimitives.ReadUInt16LittleEndian(word);
            // A padding may lie beyond the bits that are used.
            if (padding.Length > 0) padding[i] = tags.IsPadding(tags.IsSigned ? (short)stored : stored);
            values[i] = (ushort)(((stored >> shift) & mask) ^ sign);
        }
        return new(values, padding);
    }

    private static StoredPixels ReadRendered(DicomTags tags, int count, Func<string[], long, ReadOnlyMemory<byte>> render)
    {
        // Without any table or window, and not turned to its negative, sixteen bits a pixel hold the stored ones at their upper end.
        var text = render(["-M", "-W", "+Pid", "+opw"], (6L * count) + 1024).Span;
        var values = new ushort[count];
        var padding = tags.Padding is null ? [] : new bool[count];
        var (shift, least) = (16 - tags.BitsStored, tags.IsSigned ? -(1 << (tags.BitsStored - 1)) : 0);
        var at = 0;
        if (PortableMap.Word(text, ref at) != "P2" || PortableMap.Number(text, ref at) != tags.Columns || PortableMap.Number(text, ref at) != tags.Rows || PortableMap.Number(text, ref at) != ushort.MaxValue)
            throw new InvalidDataException("The file gives other pixels than it declares.");
        for (var i = 0; i < count; i++)
        {
            while (at < text.Length && text[at] <= ' ') at++;
            if (at == text.Length) throw new InvalidDataException("The file gives fewer pixels than it declares.");
            var value = 0;
            while (at < text.Length && text[at] > ' ') value = (10 * value) + (text[at++] - '0');
            values[i] = (ushort)(value >> shift);
            if (padding.Length > 0) padding[i] = tags.IsPadding(values[i] + least);
        }
        return new(values, padding);
    }
}
