using System.Text;

namespace Pneumothorax.Lab.Web.Tests.HostileInputs;

/// <summary>Every input that was once a fault, or is like one. A new one is added here, and goes through page, API and command line.</summary>
internal static class HostileInput
{
    /// <summary>By what is wrong with them; they stand in names, answers, addresses and options.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>
    {
        ["empty"] = "",
        ["blanks"] = "   ",
        ["NUL"] = "a\0b",
        ["half of a character"] = "a\uD83E",
        ["escape sequence"] = "\u001b[31mred",
        ["several lines"] = "one\r\nSet-Cookie: two",
        ["bidirectional override"] = "\u202Egnp.exe",
        ["nothing visible"] = "\u200B\u2800",
        ["markup"] = "<script>alert(1)</script>",
        ["formula"] = "=HYPERLINK(\"http://example.org\")",
        ["full-width formula"] = "\uFF1D1+1",
        ["path"] = "../../etc/passwd",
        ["percent signs"] = "%00%2e%2e%2f%",
        ["SQL"] = "'; DROP TABLE Runs; --",
        ["placeholders"] = "{0} %s %n",
        ["marks on marks"] = "a" + new string('\u0301', 300),
        ["long"] = new string('x', 20_000),
    };

    /// <summary>Where a number is asked for.</summary>
    public static IReadOnlyList<string> Numbers { get; } =
        ["NaN", "Infinity", "-Infinity", "1e400", "-1", "2147483648", "99999999999999999999", "0x10", "\u0661\u0662", "1.000,5", "1,5", "--", "null"];

    /// <summary>Files that are no picture and no HDF5 file, by what they are instead.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files { get; } = new Dictionary<string, byte[]>
    {
        ["empty"] = [],
        ["one byte"] = [0],
        ["text"] = "image,label\n1,0\n"u8.ToArray(),
        ["noise"] = Noise(4096),
        ["PNG's signature alone"] = [0x89, .. "PNG\r\n\u001a\n"u8],
        ["PNG of 60000 x 60000"] = Png(60_000, 60_000),
        ["PNG of 0 x 0"] = Png(0, 0),
        ["JPEG's first bytes"] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8],
        ["DICOM's preamble alone"] = [.. new byte[128], .. "DICM"u8],
        ["DICOM followed by noise"] = [.. new byte[128], .. "DICM"u8, .. Noise(2048)],
        ["HDF5's signature alone"] = [0x89, .. "HDF\r\n\u001a\n"u8],
        ["HDF5 followed by noise"] = [0x89, .. "HDF\r\n\u001a\n"u8, .. Noise(2048)],
        ["ZIP"] = [.. "PK\u0003\u0004"u8, .. Noise(256)],
        ["SVG"] = Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
    };

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A header that is right in all but what it promises: no image data follows.</summary>
    private static byte[] Png(int width, int height)
    {
        byte[] header = [.. "IHDR"u8, .. BigEndian((uint)width), .. BigEndian((uint)height), 8, 0, 0, 0, 0];
        return [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. header, .. BigEndian(Crc(header))];
    }

    /// <summary>PNG's check sum, the one of ZIP and Ethernet.</summary>
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var part in bytes)
        {
            crc ^= part;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
