using System.Buffers.Binary;
using System.Text;
using Pneumothorax.Lab.Experiments.Weights;

namespace Pneumothorax.Lab.Learning.Checkpoints.TensorFlow;

/// <summary>A sorted-string table, as LevelDB defines it and TensorFlow writes the index of a checkpoint: keys with values, in checked blocks.</summary>
/// <remarks>
/// The last 48 bytes say where the index block lies; it lists the data blocks. An entry shares the beginning of its key with the one before.
/// Every block is followed by its compression (none here) and its masked CRC-32C.
/// </remarks>
internal static class SortedTable
{
    private const int FooterBytes = 48;
    private const int TrailerBytes = 5;
    private const ulong Mark = 0xdb4775248b80fb57;

    /// <returns>All entries, in the order of their keys.</returns>
    /// <exception cref="InvalidDataException">Not such a table, damaged or compressed; the message goes on after the file's name.</exception>
    public static List<(string Key, byte[] Value)> Read(byte[] file)
    {
        if (file.Length < FooterBytes || BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(file.Length - sizeof(ulong))) != Mark)
            throw new InvalidDataException("is not the index of a TensorFlow checkpoint.");
        try
        {
            var footer = new Cursor(file.AsSpan(file.Length - FooterBytes));
            footer.Varint();        // the meta index: place and length, of which TensorFlow makes no use
            footer.Varint();
            List<(string, byte[])> entries = [];
            foreach (var (_, handle) in Entries(Block(file, ref footer)))
            {
                var place = new Cursor(handle);
                entries.AddRange(Entries(Block(file, ref place)));
            }
            return entries;
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("is damaged: one of its lengths is not valid.", exception);
        }
    }

    private static ReadOnlySpan<byte> Block(byte[] file, ref Cursor handle)
    {
        var block = file.AsSpan(checked((int)handle.Varint()), checked((int)handle.Varint() + TrailerBytes));
        if (MaskedCrc.Of(block[..^sizeof(uint)]) != BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]))
            throw new InvalidDataException("is damaged: a checksum in it is wrong.");
        if (block[^TrailerBytes] != 0) throw new InvalidDataException("is compressed, which TensorFlow does not do by default.");
        return block[..^TrailerBytes];
    }

    private static List<(string Key, byte[] Value)> Entries(ReadOnlySpan<byte> block)
    {
        // Last the number of places where keys begin anew, before it the places: of use to those who search.
        var restarts = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]));
        var cursor = new Cursor(block[..^checked(sizeof(uint) * (1 + restarts))]);
        List<(string, byte[])> entries = [];
        byte[] key = [];
        while (!cursor.IsAtEnd)
        {
            var (shared, own, length) = (checked((int)cursor.Varint()), checked((int)cursor.Varint()), checked((int)cursor.Varint()));
            key = [.. key.AsSpan(0, shared), .. cursor.Take(own)];
            entries.Add((Encoding.UTF8.GetString(key), cursor.Take(length).ToArray()));
        }
        return entries;
    }

    /// <summary>Numbers of seven bits a byte, the lowest first, and bytes.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _left = bytes;

        public readonly bool IsAtEnd => _left.IsEmpty;

        public ulong Varint()
        {
            ulong number = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var next = Take(1)[0];
                number |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80) return number;
            }
            throw new OverflowException();
        }

        public ReadOnlySpan<byte> Take(int length)
        {
            var taken = _left[..length];
            _left = _left[length..];
            return taken;
        }
    }
}
