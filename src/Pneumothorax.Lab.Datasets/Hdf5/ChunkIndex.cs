using System.Reflection;
using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <param name="Place">Where it begins in the stream.</param>
/// <param name="Bytes">How many bytes are stored.</param>
/// <param name="FilterMask">Bit i: it was stored without the i-th filter.</param>
internal sealed record StoredChunk(long Place, long Bytes, uint FilterMask);

/// <summary>Where the chunks of an array lie.</summary>
internal sealed class ChunkIndex
{
    private readonly object _reader;
    private readonly MethodInfo _find;
    private readonly object _superblock;
    private readonly bool _isEmpty;
    private readonly int[] _chunk;
    private readonly ulong[] _chunksAlong;

    public ChunkIndex(NativeDataset dataset, int[] shape, int[] chunk)
    {
        _reader = PureHdfInternals.ChunkReader(dataset);
        _find = PureHdfInternals.MethodOf(_reader, "GetReadChunkInfo");
        _superblock = PureHdfInternals.Get(PureHdfInternals.Get(dataset, "Context")!, "Superblock")!;
        _isEmpty = PureHdfInternals.Get<bool>(_reader, "_readingChunkIndexAddressIsUndefined");
        _chunk = chunk;
        _chunksAlong = [.. shape.Zip(chunk, (side, tile) => ((ulong)side + (ulong)tile - 1) / (ulong)tile)];
    }

    /// <param name="origin">First element of the chunk.</param>
    /// <returns>Null where nothing was written.</returns>
    public StoredChunk? Find(int[] origin)
    {
        if (_isEmpty) return null;
        var number = 0UL;
        for (var axis = 0; axis < origin.Length; axis++) number = (number * _chunksAlong[axis]) + (ulong)(origin[axis] / _chunk[axis]);
        var found = _find.Invoke(_reader, BindingFlags.DoNotWrapExceptions, null, [number], null)!;
        var place = (ulong)PureHdfInternals.Get(found, "Address")!;
        return (bool)PureHdfInternals.Call(_superblock, "IsUndefinedAddress", place)!
            ? null
            : new((long)place, (long)(ulong)PureHdfInternals.Get(found, "Size")!, (uint)PureHdfInternals.Get(found, "FilterMask")!);
    }
}
