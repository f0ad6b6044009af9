using System.IO.Compression;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>What was done to the chunks of an array before they were stored, and its undoing.</summary>
/// <remarks>
/// Done here and not by PureHDF, which takes a chunk's filter mask one bit too high (a chunk whose shuffling was left out comes out
/// shuffled), and does not compare gzip's checksum (a damaged block comes out as wrong pixels).
/// </remarks>
internal sealed class ChunkFilters
{
    private const int Gzip = 1;
    private const int Shuffle = 2;
    private const int Fletcher = 3;
    private const int ScaleOffset = 6;

    /// <summary>Room for what other filters append to a block, such as a Fletcher checksum.</summary>
    private const int Slack = 64;

    private readonly Filter[] _filters;
    private readonly Hdf5Reason _reason;

    private ChunkFilters(Filter[] filters, Hdf5Reason reason) => (_filters, _reason) = (filters, reason);

    /// <exception cref="InvalidDataException">One of them is not read here; the message names it.</exception>
    public static ChunkFilters Of(NativeDataset dataset, Hdf5Reason reason)
    {
        Filter[] filters = PureHdfInternals.Get(dataset, "InternalFilterPipeline") is { } pipeline
            ? [.. ((System.Collections.IEnumerable)PureHdfInternals.Get(pipeline, "FilterDescriptions")!).Cast<object>().Select(
                filter => new Filter(PureHdfInternals.Get<int>(filter, "Identifier"), PureHdfInternals.Get<string>(filter, "Name"), (uint[])PureHdfInternals.Get(filter, "ClientData")!))]
            : [];
        return filters.FirstOrDefault(filter => filter.Id is not (Gzip or Shuffle or Fletcher or ScaleOffset)) is { } unknown
            ? throw reason.Refuse($"is compressed with {unknown.Title}, which cannot be read here; write it with gzip or uncompressed")
            : new(filters, reason);
    }

    /// <param name="mask">Bit i: the chunk was stored without the i-th filter.</param>
    /// <returns>Whether a chunk needs nothing but gzip's undoing, or nothing at all, and can be read piece by piece.</returns>
    public bool CanStream(uint mask, out bool isPacked)
    {
        Filter[] used = [.. Used(mask).Where(filter => !(filter.Id == Shuffle && filter.Parameters is [1, ..]))];
        isPacked = used is [{ Id: Gzip }];
        return isPacked || used.Length == 0;
    }

    public static Stream Unpack(Stream packed) => new ZLibStream(packed, CompressionMode.Decompress);

    public byte[] Undo(byte[] stored, uint mask, int chunkBytes)
    {
        Memory<byte> block = stored;
        foreach (var filter in Used(mask).Reverse())
        {
            var info = new FilterInfo(H5FilterFlags.Decompress, filter.Parameters, chunkBytes, block);
            try
            {
                block = filter.Id switch
                {
                    Gzip => Inflate(block.ToArray(), chunkBytes),
                    Shuffle => new ShuffleFilter().Filter(info),
                    Fletcher => new Fletcher32Filter().Filter(info),
                    _ => new ScaleOffsetFilter().Filter(info),
                };
            }
            catch (Exception exception) when (exception is not InvalidDataException)
            {
                throw _reason.Refuse($"is damaged: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}", exception);
            }
        }
        return block.Length == chunkBytes ? block.ToArray() : throw _reason.Refuse($"is damaged: a chunk has {block.Length} bytes instead of {chunkBytes}");
    }

    private IEnumerable<Filter> Used(uint mask) => _filters.Where((_, i) => (mask >> i & 1) == 0);

    private byte[] Inflate(byte[] packed, int chunkBytes)
    {
        using var source = Unpack(new MemoryStream(packed));
        var block = new byte[chunkBytes + Slack];
        int length;
        try { length = source.ReadAtLeast(block, block.Length, throwOnEndOfStream: false); }
        catch (InvalidDataException exception) { throw _reason.Refuse("is damaged: a gzip block does not unpack", exception); }
        return length < block.Length ? block[..length] : throw _reason.Refuse("is damaged: a gzip block is larger than declared");
    }

    private sealed record Filter(int Id, string Name, uint[] Parameters)
    {
        public string Title => Id switch
        {
            4 => "szip",
            5 => "the N-bit filter",
            _ when !string.IsNullOrWhiteSpace(Name) => Name,
            _ => $"the filter {Id}",
        };
    }
}
