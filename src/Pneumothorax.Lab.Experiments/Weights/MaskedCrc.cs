using System.Buffers.Binary;
using System.Numerics;

namespace Pneumothorax.Lab.Experiments.Weights;

/// <summary>CRC-32C, masked as TensorFlow and LevelDB do since a sum over bytes that hold such a sum themselves is weak.</summary>
public static class MaskedCrc
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }
}
