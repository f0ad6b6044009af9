using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>The numbers of an array that is stored in chunks, in blocks of whole rows, in little memory however large a chunk is.</summary>
internal sealed class ChunkedNumbers
{
    private const int BlockBytes = 8 << 20;

    /// <summary>Chunks that are tiles, or that are shuffled, have to be in memory as a whole, several times over.</summary>
    private const int MostTiledBytes = 64 << 20;

    private readonly Hdf5FileStream _stream;
    private readonly Hdf5Reason _reason;
    private readonly int[] _shape;
    private readonly int _size;
    private readonly int _rowBytes;
    private readonly int[] _chunk;
    private readonly long _chunkBytes;
    private readonly ChunkFilters _filters;
    private readonly byte[] _fill;
    private readonly ChunkIndex _index;

    public ChunkedNumbers(Hdf5FileStream stream, NativeDataset dataset, int[] shape, int size, ChunkFilters filters, Hdf5Reason reason)
    {
        (_stream, _reason, _shape, _size, _filters) = (stream, reason, shape, size, filters);
        _rowBytes = shape.Skip(1).Aggregate(size, (product, side) => product * side);
        _chunk = [.. dataset.Layout.Chunks.Take(shape.Length).Select(side => checked((int)side))];
        _chunkBytes = _chunk.Aggregate((long)size, (product, side) => checked(product * side));
        if (_chunkBytes <= 0) throw reason.Refuse("is damaged: its chunks have no size");
        _fill = dataset.FillValue.Value is { } value && value.Length == size ? value : new byte[size];
        _index = new(dataset, shape, _chunk);
    }

    private string ChunkShape => Hdf5Reason.Shape(_chunk.Select(side => (ulong)side));

    private int Rows => _shape[0];

    /// <returns>Blocks of rows in order, as they are stored. The bytes are overwritten by the next block.</returns>
    public IEnumerable<(int First, int Count, Memory<byte> Bytes)> Blocks()
    {
        var areWholeRows = _chunk.Skip(1).SequenceEqual(_shape.Skip(1));
        for (var first = 0; first < Rows; first += _chunk[0])
        {
            var chunk = areWholeRows ? _index.Find(Origin(first)) : default;
            var isPacked = false;
            if (areWholeRows && (chunk is null || _filters.CanStream(chunk.FilterMask, out isPacked)))
            {
                foreach (var block in InPieces(first, chunk, isPacked)) yield return block;
            }
            else
            {
                yield return FromTiles(first);
            }
            if (first > Rows - _chunk[0]) yield break;      // the sum could leave the range of numbers
        }
    }

    private int[] Origin(int first)
    {
        var origin = new int[_shape.Length];
        origin[0] = first;
        return origin;
    }

    /// <param name="chunk">Null where nothing was written.</param>
    private IEnumerable<(int First, int Count, Memory<byte> Bytes)> InPieces(int first, StoredChunk? chunk, bool isPacked)
    {
        using var source = Source(chunk, isPacked);
        var rows = Math.Min(_chunk[0], Rows - first);
        var buffer = new byte[Math.Clamp(BlockBytes / _rowBytes, 1, rows) * _rowBytes];
        for (var done = 0; done < rows;)
        {
            var count = Math.Min(buffer.Length / _rowBytes, rows - done);
            Fill(source, buffer.AsMemory(0, count * _rowBytes), (long)done * _rowBytes);
            yield return (first + done, count, buffer.AsMemory(0, count * _rowBytes));
            done += count;
        }
        // The last chunk may reach beyond the array, and gzip's checksum comes after its last byte.
        for (var left = _chunkBytes - ((long)rows * _rowBytes); source is not null && left > 0;)
        {
            var count = (int)Math.Min(buffer.Length, left);
            Fill(source, buffer.AsMemory(0, count), _chunkBytes - left);
            left -= count;
        }
        if (source is not null && Read(source, buffer.AsMemory(0, 1)) > 0) throw _reason.Refuse("is damaged: a gzip block is larger than declared");
    }

    private Stream? Source(StoredChunk? chunk, bool isPacked)
    {
        if (chunk is null) return null;
        var bytes = isPacked ? chunk.Bytes : _chunkBytes;
        if (!isPacked && chunk.Bytes != _chunkBytes) throw _reason.Refuse($"is damaged: a chunk has {chunk.Bytes} bytes instead of {_chunkBytes}");
        CheckPlace(chunk);
        var section = new FileSection(_stream, chunk.Place, bytes);
        return isPacked ? ChunkFilters.Unpack(section) : section;
    }

    private void CheckPlace(StoredChunk chunk)
    {
        if (chunk.Place < 0 || chunk.Bytes < 0 || chunk.Place > _stream.Length - chunk.Bytes) throw _reason.Refuse("cannot be read: the file is cut short or damaged");
    }

    private void Fill(Stream? source, Memory<byte> target, long before)
    {
        if (source is null)
        {
            for (var at = 0; at < target.Length; at += _size) _fill.CopyTo(target[at..]);
            return;
        }
        var count = Read(source, target);
        if (count < target.Length) throw _reason.Refuse($"is damaged: a chunk has {before + count} bytes instead of {_chunkBytes}");
    }

    private int Read(Stream source, Memory<byte> target)
    {
        try { return source.ReadAtLeast(target.Span, target.Length, throwOnEndOfStream: false); }
        catch (InvalidDataException exception) { throw _reason.Refuse("is damaged: a gzip block does not unpack", exception); }
    }

    private (int First, int Count, Memory<byte> Bytes) FromTiles(int first)
    {
        var count = Math.Min(_chunk[0], Rows - first);
        if (_chunkBytes > MostTiledBytes || (long)count * _rowBytes > MostTiledBytes)
            throw _reason.Refuse($"has chunks of {ChunkShape}, too large to read; write it with one image per chunk");

        var rows = new byte[count * _rowBytes];
        var shape = new TileShape(_shape, _chunk, _size);
        foreach (var origin in shape.Origins(first))
        {
            var tile = _index.Find(origin) is { } chunk ? Whole(chunk) : Unwritten();
            shape.Scatter(tile, origin, first, count, rows);
        }
        return (first, count, rows);
    }

    private byte[] Whole(StoredChunk chunk)
    {
        CheckPlace(chunk);
        if (chunk.Bytes > _chunkBytes + (_chunkBytes / 8) + 4096) throw _reason.Refuse($"is damaged: a chunk has {chunk.Bytes} bytes instead of {_chunkBytes}");
        var stored = new byte[chunk.Bytes];
        _stream.Position = chunk.Place;
        _stream.ReadExactly(stored);
        return _filters.Undo(stored, chunk.FilterMask, (int)_chunkBytes);
    }

    private byte[] Unwritten()
    {
        var tile = new byte[_chunkBytes];
        Fill(null, tile, 0);
        return tile;
    }
}
