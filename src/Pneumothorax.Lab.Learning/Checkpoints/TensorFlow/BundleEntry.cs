using Google.Protobuf;

namespace Pneumothorax.Lab.Learning.Checkpoints.TensorFlow;

/// <summary>What the index of a checkpoint says of one variable: TensorFlow's message BundleEntryProto.</summary>
/// <param name="Type">TensorFlow's number of the element type; 1 is float32.</param>
/// <param name="Shard">Which of the data files.</param>
/// <param name="Crc">Masked CRC-32C of its bytes.</param>
internal sealed record BundleEntry(int Type, IReadOnlyList<long> Shape, int Shard, long Offset, long Size, uint Crc)
{
    public const int Float32 = 1;

    /// <summary>Field numbers of BundleEntryProto, TensorShapeProto and its Dim.</summary>
    private const int TypeField = 1, ShapeField = 2, ShardField = 3, OffsetField = 4, SizeField = 5, CrcField = 6, DimField = 2, DimSizeField = 1;

    /// <exception cref="InvalidProtocolBufferException">Not such a message.</exception>
    public static BundleEntry Parse(byte[] message)
    {
        var (type, shard, offset, size, crc) = (0, 0, 0L, 0L, 0u);
        List<long> shape = [];
        Each(message, (stream, field) =>
        {
            switch (field)
            {
                case TypeField: type = stream.ReadInt32(); break;
                case ShapeField: ReadShape(stream.ReadBytes().ToByteArray(), shape); break;
                case ShardField: shard = stream.ReadInt32(); break;
                case OffsetField: offset = stream.ReadInt64(); break;
                case SizeField: size = stream.ReadInt64(); break;
                case CrcField: crc = stream.ReadFixed32(); break;
                default: return false;
            }
            return true;
        });
        return new(type, shape, shard, offset, size, crc);
    }

    /// <returns>Number of data files, from the message under the empty key: BundleHeaderProto.</returns>
    /// <exception cref="InvalidProtocolBufferException">Not such a message.</exception>
    public static (int Shards, bool BigEndian) ParseHeader(byte[] message)
    {
        const int ShardsField = 1, EndiannessField = 2;
        var (shards, endianness) = (0, 0);
        Each(message, (stream, field) =>
        {
            if (field == ShardsField) shards = stream.ReadInt32();
            else if (field == EndiannessField) endianness = stream.ReadInt32();
            else return false;
            return true;
        });
        return (shards, endianness != 0);
    }

    private static void ReadShape(byte[] message, List<long> shape) => Each(message, (stream, field) =>
    {
        if (field != DimField) return false;
        long side = 0;
        Each(stream.ReadBytes().ToByteArray(), (dim, which) =>
        {
            if (which != DimSizeField) return false;
            side = dim.ReadInt64();
            return true;
        });
        shape.Add(side);
        return true;
    });

    /// <param name="read">Reads the value of a field that it knows; what it does not know is skipped.</param>
    private static void Each(byte[] message, Func<CodedInputStream, int, bool> read)
    {
        using var stream = new CodedInputStream(message);
        while (stream.ReadTag() is not 0 and var tag)
        {
            if (!read(stream, WireFormat.GetTagFieldNumber(tag))) stream.SkipLastField();
        }
    }
}
