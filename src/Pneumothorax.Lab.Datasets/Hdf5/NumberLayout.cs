using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>Where within its bytes a number lies. HDF5 has two byte orders, and integers of fewer bits than their bytes have room for.</summary>
internal sealed record NumberLayout(int Size, bool IsBigEndian, int FirstBit, int Bits, bool IsSigned)
{
    private const int BigEndian = 1;
    private const int ImpliedMantissaBit = 2;

    /// <summary>Little-endian, all bits in use: as numbers lie in memory.</summary>
    public bool IsPlain => !IsBigEndian && Bits == Size * 8;

    public static NumberLayout Of(NativeDataset dataset, ElementType type, Hdf5Reason reason)
    {
        var stored = PureHdfInternals.Get(dataset, "InternalDataType")!;
        var properties = (Array)PureHdfInternals.Get(stored, "Properties")!;
        if (properties.GetValue(0) is { } enumeration && enumeration.GetType().Name == "EnumerationPropertyDescription")      // h5py's booleans
        {
            stored = PureHdfInternals.Get(enumeration, "BaseType")!;
            properties = (Array)PureHdfInternals.Get(stored, "Properties")!;
        }
        var (bitField, property) = (PureHdfInternals.Get(stored, "BitField")!, properties.GetValue(0)!);
        var order = PureHdfInternals.Get<int>(bitField, "ByteOrder");
        var layout = new NumberLayout(type.Size, order == BigEndian, PureHdfInternals.Get<int>(property, "BitOffset"), PureHdfInternals.Get<int>(property, "BitPrecision"), !type.IsFloat && PureHdfInternals.Get<bool>(bitField, "IsSigned"));
        if (layout.Bits < 1 || layout.FirstBit + layout.Bits > type.Size * 8) throw reason.Refuse($"is damaged: its numbers have {layout.Bits} bits from bit {layout.FirstBit}, in {type.Size} bytes");
        if (type.IsFloat && (order > BigEndian || !IsIeee(type.Size, bitField, property)))
            throw reason.Refuse($"contains floating-point numbers of {type.Size} bytes that are not IEEE 754, which cannot be read here; write them as float32");
        return layout;
    }

    /// <summary>Brings numbers into the plain layout, in place.</summary>
    public void ToPlain(Span<byte> numbers)
    {
        if (IsPlain) return;
        var unused = 64 - Bits;
        for (var at = 0; at < numbers.Length; at += Size)
        {
            var number = numbers.Slice(at, Size);
            if (IsBigEndian) number.Reverse();
            ulong value = 0;
            for (var i = 0; i < Size; i++) value |= (ulong)number[i] << (8 * i);
            value = value >> FirstBit << unused;
            value = IsSigned ? (ulong)((long)value >> unused) : value >> unused;
            for (var i = 0; i < Size; i++) number[i] = (byte)(value >> (8 * i));
        }
    }

    private static bool IsIeee(int size, object bitField, object property)
    {
        var (exponent, mantissa, bias) = size switch { 2 => (5, 10, 15), 4 => (8, 23, 127), _ => (11, 52, 1023) };
        return PureHdfInternals.Get<int>(property, "BitPrecision") == size * 8
            && PureHdfInternals.Get<int>(property, "ExponentSize") == exponent && PureHdfInternals.Get<int>(property, "ExponentLocation") == mantissa
            && PureHdfInternals.Get<int>(property, "MantissaSize") == mantissa && PureHdfInternals.Get<int>(property, "MantissaLocation") == 0
            && PureHdfInternals.Get<long>(property, "ExponentBias") == bias && PureHdfInternals.Get<int>(bitField, "SignLocation") == (size * 8) - 1
            && PureHdfInternals.Get<int>(bitField, "MantissaNormalization") == ImpliedMantissaBit;
    }
}
