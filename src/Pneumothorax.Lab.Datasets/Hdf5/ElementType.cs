using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using PureHDF;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>What the numbers of an array are, once they are little-endian: integers, booleans and IEEE floats.</summary>
internal sealed record ElementType(string Name, int Size, Func<ReadOnlyMemory<byte>, Memory<byte>, (int Bad, double Value)?> ToGrey, Func<ReadOnlyMemory<byte>, double[]> ToDoubles)
{
    public bool IsFloat => Name.StartsWith("float", StringComparison.Ordinal);

    /// <returns>Null for texts, compounds and other things that are no numbers.</returns>
    public static ElementType? Of(IH5DataType type)
    {
        var number = type.Class == H5DataTypeClass.Enumerated ? type.Enumeration.BaseType : type;     // h5py's booleans
        return (number.Class, number.Size) switch
        {
            (H5DataTypeClass.FixedPoint, 1) when !number.FixedPoint.IsSigned => Number<byte>("uint8"),
            (H5DataTypeClass.FixedPoint, 2) when !number.FixedPoint.IsSigned => Number<ushort>("uint16"),
            (H5DataTypeClass.FixedPoint, 4) when !number.FixedPoint.IsSigned => Number<uint>("uint32"),
            (H5DataTypeClass.FixedPoint, 8) when !number.FixedPoint.IsSigned => Number<ulong>("uint64"),
            (H5DataTypeClass.FixedPoint, 1) => Number<sbyte>("int8"),
            (H5DataTypeClass.FixedPoint, 2) => Number<short>("int16"),
            (H5DataTypeClass.FixedPoint, 4) => Number<int>("int32"),
            (H5DataTypeClass.FixedPoint, 8) => Number<long>("int64"),
            (H5DataTypeClass.FloatingPoint, 2) => Number<Half>("float16"),
            (H5DataTypeClass.FloatingPoint, 4) => Number<float>("float32"),
            (H5DataTypeClass.FloatingPoint, 8) => Number<double>("float64"),
            _ => null,
        };
    }

    private static ElementType Number<T>(string name) where T : unmanaged, INumber<T> => new(name, Marshal.SizeOf<T>(), ToGreyOf<T>, ToDoublesOf<T>);

    /// <summary>Rounds to whole grey values.</summary>
    /// <returns>Position and value of the first number outside 0..255 (or NaN), null when all fit.</returns>
    private static (int Bad, double Value)? ToGreyOf<T>(ReadOnlyMemory<byte> raw, Memory<byte> grey) where T : unmanaged, INumber<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(raw.Span);
        var target = grey.Span;
        if (typeof(T) == typeof(byte))
        {
            raw.Span.CopyTo(target);
            return null;
        }
        for (var i = 0; i < values.Length; i++)
        {
            var value = double.CreateTruncating(values[i]);
            if (!(value >= 0 && value <= 255)) return (i, value);
            target[i] = (byte)(value + 0.5);
        }
        return null;
    }

    private static double[] ToDoublesOf<T>(ReadOnlyMemory<byte> raw) where T : unmanaged, INumber<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(raw.Span);
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++) result[i] = double.CreateTruncating(values[i]);
        return result;
    }

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
