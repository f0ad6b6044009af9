using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pneumothorax.Lab.Experiments.Weights;

/// <summary>What stands before the values of a safetensors file; <see cref="SafeTensorsFile"/> reads it.</summary>
public static class SafeTensorsHeader
{
    /// <param name="tensors">Float32 tensors with the places of their bytes, counted from the end of the header.</param>
    /// <param name="metadata">What the file says of itself; null for nothing.</param>
    /// <param name="aligned">With spaces at the end, so that the values begin at a multiple of eight bytes, for readers that map the file.</param>
    /// <returns>The length and the header.</returns>
    public static byte[] Bytes(
        IEnumerable<(string Name, IReadOnlyList<long> Shape, long From, long To)> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool aligned = false)
    {
        using var header = new MemoryStream();
        header.Write(stackalloc byte[sizeof(long)]);
        using (var json = new Utf8JsonWriter(header, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(SafeTensorsFile.MetadataKey);
                foreach (var (name, value) in metadata) json.WriteString(name, value);
                json.WriteEndObject();
            }
            foreach (var (name, shape, from, to) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var side in shape) json.WriteNumberValue(side);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(from);
                json.WriteNumberValue(to);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (aligned && header.Length % sizeof(long) != 0) header.WriteByte((byte)' ');
        var bytes = header.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - sizeof(long));
        return bytes;
    }
}
