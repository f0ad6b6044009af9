using System.IO.Compression;
using PureHDF.Filters;

namespace Pneumothorax.Lab.Data.Hdf5;

/// <summary>
/// HDF5's gzip filter, in place of PureHDF's own, which skips the checksum: a damaged block would come out as wrong pixels
/// instead of an error.
/// </summary>
internal sealed class ZlibFilter : IH5Filter
{
    /// <summary>Room for what other filters append to a block, such as a Fletcher checksum.</summary>
    private const int Slack = 64;

    private static readonly Lazy<bool> s_registered = new(() =>
    {
        H5Filter.Register(new ZlibFilter());
        return true;
    });

    public ushort FilterId => DeflateFilter.Id;

    public string Name => "deflate";

    /// <summary>Filters are known process-wide in PureHDF.</summary>
    public static void Register() => _ = s_registered.Value;

    public Memory<byte> Filter(FilterInfo info)
    {
        using var source = new MemoryStream(info.Buffer.ToArray());
        if (!info.Flags.HasFlag(H5FilterFlags.Decompress))
        {
            var packed = new MemoryStream();
            using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) source.CopyTo(zip);
            return packed.GetBuffer().AsMemory(0, (int)packed.Length);
        }

        using var unzip = new ZLibStream(source, CompressionMode.Decompress);
        var block = new byte[info.ChunkSize + Slack];
        int length;
        try { length = unzip.ReadAtLeast(block, block.Length, throwOnEndOfStream: false); }
        catch (InvalidDataException exception) { throw new InvalidDataException("a gzip block does not unpack", exception); }
        return length < block.Length ? block.AsMemory(0, length) : throw new InvalidDataException("a gzip block is larger than declared");
    }

    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) => [6];
}
