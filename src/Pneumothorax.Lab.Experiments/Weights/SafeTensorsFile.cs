using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pneumothorax.Lab.Experiments.Weights;

/// <summary>A safetensors file: length of the header (8 bytes, little-endian), a JSON header, the raw values.</summary>
/// <remarks>Source: the format description of huggingface/safetensors.</remarks>
internal sealed class SafeTensorsFile : WeightsFile
{
    public const string MetadataKey = "__metadata__";

    // The format allows 100 MB; a network here has some dozen tensors of a hundred bytes each, and metadata.
    private const long MostHeaderBytes = 4 << 20;

    private readonly Dictionary<string, WeightsEntry> _entries = [];
    private readonly Dictionary<string, (long From, long To)> _places = [];
    private readonly Dictionary<string, string> _metadata = [];

    public SafeTensorsFile(string path, Stream stream) : base(path, stream)
    {
        if (stream.Length < sizeof(long)) throw Refusal($"is not a safetensors file: {stream.Length} bytes are too few.");

        Span<byte> length = stackalloc byte[sizeof(long)];
        stream.ReadExactly(length);
        var claimed = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (claimed > (ulong)(stream.Length - sizeof(long)) || claimed > MostHeaderBytes)
            throw Refusal($"is not a safetensors file, or it is cut short: its header claims {claimed} bytes, and the file has {stream.Length}.");

        DataStart = sizeof(long) + (long)claimed;
        var header = new byte[claimed];
        stream.ReadExactly(header);
        try
        {
            using var document = JsonDocument.Parse(header);
            foreach (var property in document.RootElement.EnumerateObject()) Take(property);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Refusal($"has a damaged header: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Where the values begin.</summary>
    public long DataStart { get; }

    public override IReadOnlyDictionary<string, WeightsEntry> Entries => _entries;

    public override IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <returns>Where a tensor's bytes begin and end, counted from <see cref="DataStart"/>.</returns>
    public (long From, long To) PlaceOf(string name) => _places[name];

    protected override float[] ReadValues(WeightsEntry entry)
    {
        var (from, to) = _places[entry.Name];
        if (entry.Count is not { } count || count > Array.MaxLength || count * sizeof(float) != to - from)
            throw Refusal(entry.Name, $"has the shape {WeightsEntry.Words(entry.Shape)}, which its {to - from} bytes do not fill.");

        var values = new float[count];
        Stream.Position = DataStart + from;
        Stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private void Take(JsonProperty property)
    {
        if (property.NameEquals(MetadataKey))
        {
            foreach (var pair in property.Value.EnumerateObject()) _metadata[pair.Name] = pair.Value.GetString() ?? "";
            return;
        }
        var name = property.Name;
        var type = property.Value.GetProperty("dtype").GetString() ?? "";
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets is not [var from, var to] || from < 0 || to < from) throw Refusal(name, "has no valid position in the file.");
        if (to > Stream.Length - DataStart) throw Refusal(name, $"ends {to - (Stream.Length - DataStart)} bytes after the end of the file: it is cut short.");
        if (!_entries.TryAdd(name, new(name, TypeOf(type), shape))) throw Refusal(name, "appears twice.");
        _places[name] = (from, to);
    }

    private static string TypeOf(string type) => type switch
    {
        "F64" => "float64",
        "F32" => WeightsEntry.RequiredType,
        "F16" => "float16",
        "BF16" => "bfloat16",
        "I64" => "int64",
        _ => WeightsEntry.Shown(type),
    };
}
