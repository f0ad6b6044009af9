using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>Some rows of an array as raw bytes.</summary>
internal readonly record struct RowBlock(int First, int Count, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// One array of an HDF5 file, read as bytes of plain little-endian numbers in blocks of whole rows (a row is everything below the first
/// axis). PureHDF's own partial reads go number by number (56 ms an image), so the bytes are read straight from their places in the file.
/// </summary>
internal sealed class Hdf5Array
{
    /// <summary>Deflate cannot pack tighter than 1,032 to 1: whoever declares more has not stored it.</summary>
    private const int TightestPacking = 1032;

    private const long MostRowBytes = 1L << 27;
    private const int ContiguousBlockBytes = 8 << 20;

    private readonly Hdf5FileStream _stream;
    private readonly NativeDataset _dataset;
    private readonly NumberLayout _layout;
    private readonly ChunkFilters _filters;
    private readonly Hdf5Reason _reason;

    private Hdf5Array(Hdf5FileStream stream, NativeDataset dataset, ElementType type, NumberLayout layout, ChunkFilters filters, int[] shape, Hdf5Reason reason) =>
        (_stream, _dataset, Type, _layout, _filters, Shape, _reason) = (stream, dataset, type, layout, filters, shape, reason);

    public ElementType Type { get; }

    public IReadOnlyList<int> Shape { get; }

    public int Rows => Shape[0];

    public int RowBytes => Shape.Skip(1).Aggregate(Type.Size, (product, size) => product * size);

    /// <summary>Looks at type and shape, and compares what they declare with the length of the file, before anything is allocated.</summary>
    public static Hdf5Array Open(Hdf5FileStream stream, NativeDataset dataset, string expected, Hdf5Reason reason)
    {
        var storage = dataset.Layout.Class;
        if (storage == H5DataLayoutClass.VirtualStorage) throw reason.Refuse("is a virtual array, whose numbers are in other arrays or files; write the numbers into this one");
        if (PureHdfInternals.Get(dataset, "InternalExternalFileList") is not null) throw reason.Refuse("stores its numbers in a separate file (external storage); write the numbers into this one");
        var type = ElementType.Of(dataset.Type) ?? throw reason.Refuse($"contains {dataset.Type.Class} values; numbers are needed");
        var filters = ChunkFilters.Of(dataset, reason);
        var layout = NumberLayout.Of(dataset, type, reason);
        var declared = dataset.Space.Dimensions;
        var shape = Hdf5Reason.Shape(declared);
        if (declared.Length is 0 || declared.Any(size => size > int.MaxValue)) throw reason.Refuse($"has the shape {shape}, but {expected} is needed");
        if (declared.Any(size => size == 0)) throw reason.Refuse($"is empty: its shape is {shape}");

        var bytes = declared.Aggregate((UInt128)type.Size, (product, size) => product * size);
        var most = storage == H5DataLayoutClass.Chunked ? (UInt128)stream.Length * TightestPacking : (UInt128)stream.Length;
        if (bytes > most) throw reason.Refuse($"declares {Bytes((double)bytes)} ({shape} {type.Name}), but the file has {Bytes(stream.Length)}: it is cut short or was never filled");
        if (bytes / declared[0] > MostRowBytes) throw reason.Refuse($"has the shape {shape}, but {expected} is needed");

        return new(stream, dataset, type, layout, filters, [.. declared.Select(size => (int)size)], reason);
    }

    /// <returns>Blocks of rows in order. The bytes are overwritten by the next block.</returns>
    public IEnumerable<RowBlock> Blocks()
    {
        var stored = _dataset.Layout.Class switch
        {
            H5DataLayoutClass.Contiguous => Contiguous(),
            H5DataLayoutClass.Chunked => new ChunkedNumbers(_stream, _dataset, [.. Shape], Type.Size, _filters, _reason).Blocks(),
            _ => [(0, Rows, _dataset.Read<byte[]>())],
        };
        foreach (var (first, count, bytes) in stored)
        {
            _layout.ToPlain(bytes.Span);
            yield return new(first, count, bytes);
        }
    }

    /// <returns>All rows at once; for small arrays.</returns>
    public byte[] ReadWhole()
    {
        var whole = new byte[(long)Rows * RowBytes];
        foreach (var block in Blocks()) block.Bytes.CopyTo(whole.AsMemory(block.First * RowBytes));
        return whole;
    }

    /// <returns>Where in the file the numbers begin, in bytes, if they are float32 and lie there one after the other; else null.</returns>
    /// <exception cref="InvalidDataException">They should lie there but do not, wholly.</exception>
    public long? PlaceOfFloats() => _dataset.Layout.Class == H5DataLayoutClass.Contiguous && Type.Name == "float32" && _layout.IsPlain ? _stream.Start + Place() : null;

    /// <returns>Where the numbers of a contiguous array begin.</returns>
    private long Place()
    {
        var total = (long)Rows * RowBytes;
        var start = PlaceOf(new ulong[Shape.Count]);
        var last = PlaceOf([.. Shape.Select(size => (ulong)size - 1)]);
        if (start < 0 || last - start != total - Type.Size) throw _reason.Refuse("has no numbers stored in this file");
        if (start + total > _stream.Length) throw _reason.Refuse($"ends {Bytes(start + total - _stream.Length)} after the end of the file: the file is cut short");
        return start;
    }

    private IEnumerable<(int First, int Count, Memory<byte> Bytes)> Contiguous()
    {
        var start = Place();
        var rows = Math.Clamp(ContiguousBlockBytes / RowBytes, 1, Rows);
        var buffer = new byte[rows * RowBytes];
        for (var first = 0; first < Rows; first += rows)
        {
            var count = Math.Min(rows, Rows - first);
            _stream.Position = start + (long)first * RowBytes;
            _stream.ReadExactly(buffer.AsSpan(0, count * RowBytes));
            yield return (first, count, buffer.AsMemory(0, count * RowBytes));
        }
    }

    private long PlaceOf(ulong[] element)
    {
        _stream.LastRead = -1;
        _dataset.Read<byte[]>(One(element));
        return _stream.LastRead;
    }

    private static HyperslabSelection One(ulong[] element) =>
        new(element.Length, element, [.. element.Select(_ => 1UL)]);

    private static string Bytes(double bytes) => bytes switch
    {
        >= 1e9 => FormattableString.Invariant($"{bytes / 1e9:0.#} GB"),
        >= 1e6 => FormattableString.Invariant($"{bytes / 1e6:0.#} MB"),
        >= 1e3 => FormattableString.Invariant($"{bytes / 1e3:0.#} kB"),
        _ => FormattableString.Invariant($"{bytes:0} bytes"),
    };
}
