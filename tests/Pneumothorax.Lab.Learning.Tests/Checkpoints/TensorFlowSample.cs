using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Pneumothorax.Lab.Learning.Tests.Checkpoints;

/// <summary>Writes checkpoints as TensorFlow does, from its published format and independently of the reader: own varints, own table, own CRC.</summary>
internal sealed class TensorFlowSample
{
    private readonly SortedDictionary<string, byte[]> _entries = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, (byte[] Bytes, uint Crc)> s_written = new();

    private readonly List<byte[]> _data = [];

    public TensorFlowSample(int shards = 1) => _entries[""] = [0x08, (byte)shards, 0x1a, 0x02, 0x08, 0x01];      // shards; a version message

    /// <summary>Variables of the exercise's network; every value tells its place.</summary>
    public static TensorFlowSample OfTheLab()
    {
        var sample = new TensorFlowSample();
        (int Kernel, int To)[] layers = [(5, 64), (5, 64), (5, 128), (5, 128), (3, 256), (3, 256), (3, 512), (3, 512)];
        var from = 1;
        foreach (var (layer, (kernel, to)) in layers.Index())
        {
            var name = layer == 0 ? "conv2d" : $"conv2d_{layer}";
            sample.Add($"{name}/kernel", kernel, kernel, from, to).Add($"{name}/bias", to).Add($"{name}/bias/Momentum", to);
            from = to;
        }
        return sample.Add("dense/kernel", 512, 2).Add("dense/bias", 2);
    }

    /// <returns>The value that variable has at a place of its flat, row-by-row order.</returns>
    public static float Value(string variable, long place) => (variable.Sum(letter => letter) % 17 - 8) * 0.01f + place % 1009 * 1e-4f;

    public TensorFlowSample Add(string variable, params int[] shape)
    {
        var (bytes, crc) = s_written.GetOrAdd($"{variable} {string.Join('x', shape)}", _ =>
        {
            var values = Enumerable.Range(0, shape.Aggregate(1, (product, side) => product * side)).Select(place => Value(variable, place)).ToArray();
            var raw = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
            return (raw, Crc(raw));
        });
        Describe(variable, type: 1, shape, _data.Sum(written => (long)written.Length), bytes.Length, crc);
        _data.Add(bytes);
        return this;
    }

    public void Describe(string variable, int type, int[] shape, long offset, long size, uint crc)
    {
        var dims = shape.SelectMany(side => Message(2, Field(1, side))).ToArray();
        var fixed32 = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(fixed32, crc);
        _entries[variable] = [.. Field(1, type), .. Message(2, dims), .. offset > 0 ? Field(4, offset) : [], .. Field(5, size), 0x35, .. fixed32];
    }

    public void Remove(string variable) => _entries.Remove(variable);

    /// <param name="entriesABlock">A small number makes several blocks.</param>
    /// <returns>The path that TensorFlow would give.</returns>
    public string Write(string folder, int entriesABlock = 1000)
    {
        var prefix = Path.Combine(Directory.CreateDirectory(folder).FullName, "model.ckpt");
        using (var data = File.Create(prefix + ".data-00000-of-00001"))
            foreach (var bytes in _data) data.Write(bytes);
        var table = new MemoryStream();
        List<(string Key, byte[] Value)> index = [];
        foreach (var chunk in _entries.Chunk(entriesABlock))
        {
            var handle = Append(table, Block([.. chunk.Select(entry => (entry.Key, entry.Value))]));
            index.Add((chunk[^1].Key + "~", handle));
        }
        var meta = Append(table, Block([]));
        byte[] footer = [.. meta, .. Append(table, Block(index))];
        table.Write([.. footer, .. new byte[40 - footer.Length], 0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]);
        File.WriteAllBytes(prefix + ".index", table.ToArray());
        return prefix;
    }

    /// <summary>Bit by bit, as the polynomial says.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static byte[] Block(IReadOnlyList<(string Key, byte[] Value)> entries)
    {
        var block = new MemoryStream();
        var before = Array.Empty<byte>();
        List<int> restarts = [];
        foreach (var (i, (key, value)) in entries.Index())
        {
            var bytes = Encoding.UTF8.GetBytes(key);
            var shared = 0;
            if (i % 16 == 0) restarts.Add((int)block.Length);
            else while (shared < before.Length && shared < bytes.Length && before[shared] == bytes[shared]) shared++;
            block.Write([.. Varint(shared), .. Varint(bytes.Length - shared), .. Varint(value.Length), .. bytes[shared..], .. value]);
            before = bytes;
        }
        if (restarts.Count == 0) restarts.Add(0);
        foreach (var number in restarts.Append(restarts.Count)) block.Write(BitConverter.GetBytes(number));
        return block.ToArray();
    }

    private static byte[] Append(MemoryStream table, byte[] block)
    {
        byte[] handle = [.. Varint(table.Length), .. Varint(block.Length)];
        byte[] whole = [.. block, 0];
        table.Write([.. whole, .. BitConverter.GetBytes(Crc(whole))]);
        return handle;
    }

    private static byte[] Field(int number, long value) => [(byte)(number << 3), .. Varint(value)];

    private static byte[] Message(int number, byte[] content) => [(byte)(number << 3 | 2), .. Varint(content.Length), .. content];

    private static byte[] Varint(long value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
