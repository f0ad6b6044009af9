using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Experiments.Weights;

/// <summary>numpy's archive of arrays: a ZIP with one <c>NAME.npy</c> an array.</summary>
/// <remarks>Source: numpy.lib.format. Written like <c>numpy.savez</c>, read also compressed.</remarks>
internal sealed partial class NpzFile : WeightsFile
{
    private const string Suffix = ".npy";
    private const int MostArrays = 10_000;
    private const int MostHeaderBytes = 1 << 16;
    private static readonly byte[] s_magic = [0x93, .. "NUMPY"u8];

    // Fixed, so that the same weights give the same file.
    private static readonly DateTimeOffset s_stamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, WeightsEntry> _entries = [];
    private readonly Dictionary<string, ZipArchiveEntry> _files = [];

    public NpzFile(string path, Stream stream) : base(path, stream)
    {
        try
        {
            _archive = new(stream, ZipArchiveMode.Read);
            if (_archive.Entries.Count > MostArrays) throw Refusal($"contains {_archive.Entries.Count} arrays; no network here has that many.");
        }
        catch (InvalidDataException exception) when (_archive is null)
        {
            throw Refusal("is not an npz file, or it is cut short: the directory at its end cannot be read.", exception);
        }
        foreach (var file in _archive.Entries.Where(file => file.FullName.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            var name = file.FullName[..^Suffix.Length];
            var entry = Guarded(name, () =>
            {
                using var content = file.Open();
                return Describe(name, content);
            });
            if (!_entries.TryAdd(name, entry)) throw Refusal(name, "appears twice.");
            _files[name] = file;
        }
    }

    public override IReadOnlyDictionary<string, WeightsEntry> Entries => _entries;

    /// <summary>Writes an array as numpy does, uncompressed.</summary>
    /// <param name="values">Little-endian float32, row by row; read to its end.</param>
    public static void Add(ZipArchive archive, WeightsEntry entry, Action<Stream> values)
    {
        var file = archive.CreateEntry(entry.Name + Suffix, CompressionLevel.NoCompression);
        file.LastWriteTime = s_stamp;
        using var content = file.Open();
        var shape = entry.Shape.Count == 1 ? $"({entry.Shape[0]},)" : $"({string.Join(", ", entry.Shape)})";
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}";
        // Values begin at a multiple of 64 bytes: magic and version are 8, the length is 2, and a line feed ends the header.
        var padded = header.PadRight((header.Length + 11 + 63) / 64 * 64 - 11) + "\n";
        var length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)padded.Length);
        content.Write([.. s_magic, 1, 0, .. length, .. Encoding.ASCII.GetBytes(padded)]);
        values(content);
    }

    protected override float[] ReadValues(WeightsEntry entry) => Guarded(entry.Name, () =>
    {
        using var content = _files[entry.Name].Open();
        Describe(entry.Name, content);      // again: it ends where the values begin
        if (entry.Count is not { } count || count > Array.MaxLength) throw Refusal(entry.Name, $"has the impossible shape {WeightsEntry.Words(entry.Shape)}.");

        var values = new float[count];
        content.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return content.ReadByte() < 0 ? values : throw Refusal(entry.Name, $"contains more values than its shape {WeightsEntry.Words(entry.Shape)} allows.");
    });

    /// <summary>Reads an array's header up to its values.</summary>
    private WeightsEntry Describe(string name, Stream content)
    {
        Span<byte> start = stackalloc byte[s_magic.Length + 2];
        content.ReadExactly(start);
        if (!start.StartsWith(s_magic)) throw Refusal(name, "is not a numpy array.");

        Span<byte> length = stackalloc byte[start[^2] == 1 ? sizeof(ushort) : sizeof(uint)];
        content.ReadExactly(length);
        var claimed = length.Length == sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (claimed > MostHeaderBytes) throw Refusal(name, $"claims a header of {claimed} bytes.");

        var header = new byte[claimed];
        content.ReadExactly(header);
        var text = Encoding.Latin1.GetString(header);
        if (Header().Match(text) is not { Success: true } found) throw Refusal(name, "has a header that is not that of a plain array.");

        long[] shape = [.. from side in found.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                           select long.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1];
        // A column-major order of one dimension is the same as row by row.
        if (found.Groups["fortran"].Value == "True" && shape.Length > 1)
            throw Refusal(name, "is stored column by column; save numpy.ascontiguousarray of it.");
        return new(name, TypeOf(found.Groups["type"].Value), shape);
    }

    /// <summary>What a ZIP throws on damaged contents, as a refusal that names the array.</summary>
    private T Guarded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException)
        {
            throw Refusal(name, "is cut short.");
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith(Path, StringComparison.Ordinal))
        {
            throw Refusal(name, $"is damaged: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string TypeOf(string type) => type switch
    {
        "<f8" => "float64",
        "<f4" => WeightsEntry.RequiredType,
        "<f2" => "float16",
        "<i8" => "int64",
        _ => WeightsEntry.Shown(type),
    };

    protected override void Dispose(bool disposing)
    {
        _archive.Dispose();
        base.Dispose(disposing);
    }

    [GeneratedRegex(@"^\{'descr': '(?<type>[^']{1,20})', 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>[0-9, ]*)\), \}\s*$")]
    private static partial Regex Header();
}
