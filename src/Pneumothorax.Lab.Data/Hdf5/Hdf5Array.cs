using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Data.Hdf5;

/// <summary>Some rows of an array as raw bytes.</summary>
internal readonly record struct RowBlock(int First, int Count, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// One array of an HDF5 file, read as raw bytes in blocks of whole rows (a row is everything below the first axis). PureHDF's own
/// partial reads go number by number (56 ms an image), so a contiguous array is read straight from its place in the file, and a
/// chunked one chunk by chunk.
/// </summary>
internal sealed class Hdf5Array
{
    /// <summary>Deflate cannot pack tighter than 1,032 to 1: whoever declares more has not stored it.</summary>
    private const int TightestPacking = 1032;

    private const long MostBlockBytes = 1L << 29;
    private const int ContiguousBlockBytes = 8 << 20;

    private readonly NotingStream _stream;
    private readonly NativeDataset _dataset;
    private readonly Hdf5Reason _reason;

    private Hdf5Array(NotingStream stream, NativeDataset dataset, ElementType type, int[] shape, Hdf5Reason reason) =>
        (_stream, _dataset, Type, Shape, _reason) = (stream, dataset, type, shape, reason);

    public ElementType Type { get; }

    public IReadOnlyList<int> Shape { get; }

    public int Rows => Shape[0];

    public int RowBytes => Shape.Skip(1).Aggregate(Type.Size, (product, size) => product * size);

    /// <summary>Looks at type and shape, and compares what they declare with the length of the file, before anything is allocated.</summary>
    public static Hdf5Array Open(NotingStream stream, NativeDataset dataset, string expected, Hdf5Reason reason)
    {
        var type = ElementType.Of(dataset.Type) ?? throw reason.Refuse($"holds {dataset.Type.Class} values; numbers are needed");
        var declared = dataset.Space.Dimensions;
        var shape = Hdf5Reason.Shape(declared);
        if (declared.Length is 0 || declared.Any(size => size > int.MaxValue)) throw reason.Refuse($"has the shape {shape}, but {expected} is needed");
        if (declared.Any(size => size == 0)) throw reason.Refuse($"is empty: its shape is {shape}");

        var bytes = declared.Aggregate((UInt128)type.Size, (product, size) => product * size);
        var most = dataset.Layout.Class == H5DataLayoutClass.Chunked ? (UInt128)stream.Length * TightestPacking : (UInt128)stream.Length;
        if (bytes > most) throw reason.Refuse($"declares {Bytes((double)bytes)} ({shape} {type.Name}), but the file has {Bytes(stream.Length)}: it is cut short or was never filled");
        if (bytes / declared[0] > MostBlockBytes) throw reason.Refuse($"has the shape {shape}, but {expected} is needed");

        var array = new Hdf5Array(stream, dataset, type, [.. declared.Select(size => (int)size)], reason);
        array.RefuseForeignByteOrder();
        return array;
    }

    /// <returns>Blocks of rows in order. The bytes are overwritten by the next block.</returns>
    public IEnumerable<RowBlock> Blocks() => _dataset.Layout.Class switch
    {
        H5DataLayoutClass.Contiguous => Contiguous(),
        H5DataLayoutClass.Chunked => Chunked(),
        H5DataLayoutClass.Compact => [new(0, Rows, _dataset.Read<byte[]>())],
        _ => throw _reason.Refuse("is a virtual array that points into other files; write the numbers into this one"),
    };

    /// <returns>All rows at once; for small arrays.</returns>
    public byte[] ReadWhole()
    {
        var whole = new byte[(long)Rows * RowBytes];
        foreach (var block in Blocks()) block.Bytes.CopyTo(whole.AsMemory(block.First * RowBytes));
        return whole;
    }

    /// <returns>Where in the file the numbers begin, in bytes, if they are float32 and lie there one after the other; else null.</returns>
    /// <exception cref="InvalidDataException">They should lie there but do not, wholly.</exception>
    public long? PlaceOfFloats() => _dataset.Layout.Class == H5DataLayoutClass.Contiguous && Type.Name == "float32" ? Place() : null;

    /// <returns>Where the numbers of a contiguous array begin.</returns>
    private long Place()
    {
        var total = (long)Rows * RowBytes;
        var start = PlaceOf(new ulong[Shape.Count]);
        var last = PlaceOf([.. Shape.Select(size => (ulong)size - 1)]);
        if (start < 0 || last - start != total - Type.Size) throw _reason.Refuse("has no numbers stored in this file");
        if (start + total > _stream.Length) throw _reason.Refuse($"ends {Bytes(start + total - _stream.Length)} after the file does: the file is cut short");
        return start;
    }

    private IEnumerable<RowBlock> Contiguous()
    {
        var start = Place();
        var rows = Math.Clamp(ContiguousBlockBytes / RowBytes, 1, Rows);
        var buffer = new byte[rows * RowBytes];
        for (var first = 0; first < Rows; first += rows)
        {
            var count = Math.Min(rows, Rows - first);
            _stream.Position = start + (long)first * RowBytes;
            _stream.ReadExactly(buffer.AsSpan(0, count * RowBytes));
            yield return new(first, count, buffer.AsMemory(0, count * RowBytes));
        }
    }

    private long PlaceOf(ulong[] element)
    {
        _stream.LastRead = -1;
        _dataset.Read<byte[]>(One(element));
        return _stream.LastRead;
    }

    private IEnumerable<RowBlock> Chunked()
    {
        int[] chunk = [.. _dataset.Layout.Chunks.Take(Shape.Count).Select(size => checked((int)size))];
        var chunkBytes = chunk.Aggregate((long)Type.Size, (product, size) => product * size);
        var rows = Math.Min(chunk[0], Rows);
        if (chunkBytes > MostBlockBytes || (long)rows * RowBytes > MostBlockBytes)
            throw _reason.Refuse($"has chunks of {Hdf5Reason.Shape(chunk.Select(size => (ulong)size))}, too large to read; write it with one image a chunk");

        var buffer = new byte[rows * RowBytes];
        var capture = new CapturedChunk();
        for (var first = 0; first < Rows; first += chunk[0])
        {
            var count = Math.Min(chunk[0], Rows - first);
            foreach (var origin in Origins(first, chunk))
            {
                _dataset.Read<byte[]>(new H5DatasetAccess(ChunkCache: capture), One(origin));
                if (capture.Bytes.Length != chunkBytes) throw _reason.Refuse($"is damaged: a chunk has {capture.Bytes.Length} bytes instead of {chunkBytes}");
                Scatter(capture.Bytes.Span, [.. origin.Select(at => (int)at)], chunk, first, count, buffer);
            }
            yield return new(first, count, buffer.AsMemory(0, count * RowBytes));
        }
    }

    /// <returns>Where the chunks begin that hold rows from <paramref name="first"/> on.</returns>
    private IEnumerable<ulong[]> Origins(int first, int[] chunk)
    {
        var origin = new ulong[Shape.Count];
        origin[0] = (ulong)first;
        while (true)
        {
            yield return [.. origin];
            var axis = Shape.Count - 1;
            for (; axis > 0; axis--)
            {
                origin[axis] += (ulong)chunk[axis];
                if (origin[axis] < (ulong)Shape[axis]) break;
                origin[axis] = 0;
            }
            if (axis == 0) yield break;
        }
    }

    /// <summary>Copies what of a chunk lies inside the array, one run along the last axis after the other.</summary>
    private void Scatter(ReadOnlySpan<byte> bytes, int[] origin, int[] chunk, int firstRow, int rowCount, Span<byte> target)
    {
        var rank = Shape.Count;
        Span<int> size = stackalloc int[rank];
        for (var axis = 0; axis < rank; axis++) size[axis] = Math.Min(chunk[axis], (axis == 0 ? firstRow + rowCount : Shape[axis]) - origin[axis]);
        Span<int> at = stackalloc int[rank];
        at.Clear();
        while (true)
        {
            long from = 0, to = 0;
            for (var axis = 0; axis < rank; axis++)
            {
                from = from * chunk[axis] + at[axis];
                to = to * Shape[axis] + (axis == 0 ? origin[0] - firstRow : origin[axis]) + at[axis];
            }
            var run = (rank == 1 ? 1 : size[rank - 1]) * Type.Size;
            bytes.Slice((int)from * Type.Size, run).CopyTo(target[((int)to * Type.Size)..]);

            var moving = rank == 1 ? 0 : rank - 2;
            while (moving >= 0 && ++at[moving] == size[moving]) at[moving--] = 0;
            if (moving < 0) return;
        }
    }

    /// <summary>PureHDF refuses big-endian numbers when it decodes them, but not when it hands out their bytes.</summary>
    private void RefuseForeignByteOrder()
    {
        if (Type.Size == 1) return;
        try { _dataset.Read<double[]>(One(new ulong[Shape.Count])); }
        catch (Exception exception) when (exception.Message.Contains("order", StringComparison.OrdinalIgnoreCase))
        {
            throw _reason.Refuse($"is stored in big-endian byte order; write it little-endian (in numpy: .astype('{Type.Name}'))");
        }
        catch (Exception) { /* decoding is done here, from the bytes */ }
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

    /// <summary>Takes a whole decoded chunk where PureHDF would copy single numbers out of it.</summary>
    private sealed class CapturedChunk : IReadingChunkCache
    {
        public Memory<byte> Bytes { get; private set; }

        public Memory<byte> GetChunk(ulong chunkIndex, Func<Memory<byte>> chunkReader) => Bytes = chunkReader();
    }
}
