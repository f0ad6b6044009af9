using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Pneumothorax.Lab.Datasets.Tests.Dicom;

/// <summary>Writes small DICOM files, explicit little endian, as a test needs them.</summary>
internal sealed class DicomSample
{
    private readonly SortedDictionary<uint, (string Kind, byte[] Value)> _elements = [];

    /// <param name="values">Of all frames, row by row.</param>
    public DicomSample(ushort[] values, int width, int height, int bits = 8)
    {
        Text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1").Text(0x0008_0018, "UI", "1.2.3.4").Text(0x0008_0060, "CS", "CR")
            .Text(0x0028_0004, "CS", "MONOCHROME2").Number(0x0028_0002, 1).Number(0x0028_0010, height).Number(0x0028_0011, width)
            .Number(0x0028_0100, bits > 8 ? 16 : 8).Number(0x0028_0101, bits).Number(0x0028_0102, bits - 1).Number(0x0028_0103, 0);
        var pixels = new byte[(values.Length * (bits > 8 ? 2 : 1) + 1) & ~1];
        for (var i = 0; i < values.Length; i++)
        {
            if (bits > 8) BitConverter.TryWriteBytes(pixels.AsSpan(2 * i), values[i]);
            else pixels[i] = (byte)values[i];
        }
        _elements[0x7FE0_0010] = ("OW", pixels);
    }

    public DicomSample Text(uint tag, string kind, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        _elements[tag] = (kind, bytes.Length % 2 == 0 ? bytes : [.. bytes, (byte)(kind == "UI" ? 0 : ' ')]);
        return this;
    }

    public DicomSample Number(uint tag, int value)
    {
        _elements[tag] = ("US", BitConverter.GetBytes((ushort)value));
        return this;
    }

    /// <param name="value">As it lies in the file; a sequence's items as well.</param>
    public DicomSample Bytes(uint tag, string kind, byte[] value)
    {
        _elements[tag] = (kind, value);
        return this;
    }

    /// <summary>A table of grey values as the only window: one for each of as many stored values, each of sixteen bits.</summary>
    public DicomSample VoiTable(ushort[] table)
    {
        using var item = new MemoryStream();
        using (var writer = new BinaryWriter(item, Encoding.ASCII, leaveOpen: true))
        {
            Element(writer, 0x0028_3002, "US", [.. BitConverter.GetBytes((ushort)table.Length), 0, 0, 16, 0]);
            Element(writer, 0x0028_3006, "OW", [.. table.SelectMany(BitConverter.GetBytes)]);
        }
        return Bytes(0x0028_3010, "SQ", [0xFE, 0xFF, 0x00, 0xE0, .. BitConverter.GetBytes((int)item.Length), .. item.ToArray()]);
    }

    public DicomSample Without(uint tag)
    {
        _elements.Remove(tag);
        return this;
    }

    public DicomSample Window(double centre, double width) =>
        Text(0x0028_1050, "DS", centre.ToString(CultureInfo.InvariantCulture)).Text(0x0028_1051, "DS", width.ToString(CultureInfo.InvariantCulture));

    public DicomSample Patient(string id, string sex = "F", string age = "051", string view = "PA", string part = "CHEST") =>
        Text(0x0010_0010, "PN", $"Doe^{id}").Text(0x0010_0020, "LO", id).Text(0x0010_0040, "CS", sex).Text(0x0010_1010, "AS", age).Text(0x0018_5101, "CS", view).Text(0x0018_0015, "CS", part);

    /// <param name="deflated">All behind the header is packed, as the syntax of that name wants it.</param>
    /// <returns>The path.</returns>
    public string Write(string path, bool deflated = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = File.Create(path);
        using var writer = new BinaryWriter(stream);
        writer.Write(new byte[128]);
        writer.Write("DICM"u8);
        byte[] syntax = deflated ? [.. "1.2.840.10008.1.2.1.99"u8] : [.. "1.2.840.10008.1.2.1"u8, 0];
        Element(writer, 0x0002_0000, "UL", BitConverter.GetBytes(8 + syntax.Length));
        Element(writer, 0x0002_0010, "UI", syntax);
        writer.Flush();
        using var packed = deflated ? new DeflateStream(stream, CompressionLevel.Fastest, leaveOpen: true) : null;
        using var elements = new BinaryWriter((Stream?)packed ?? stream, Encoding.ASCII, leaveOpen: true);
        foreach (var (tag, (kind, value)) in _elements) Element(elements, tag, kind, value);
        return path;
    }

    private static void Element(BinaryWriter writer, uint tag, string kind, byte[] value)
    {
        writer.Write((ushort)(tag >> 16));
        writer.Write((ushort)tag);
        writer.Write(Encoding.ASCII.GetBytes(kind));
        if (kind is "OW" or "OB" or "SQ")
        {
            writer.Write((ushort)0);
            writer.Write(value.Length);
        }
        else
        {
            writer.Write((ushort)value.Length);
        }
        writer.Write(value);
    }
}
