using System.Security.Cryptography;

namespace Pneumothorax.Lab.Datasets.Storage;

/// <summary>Streams images into a pixel file; the header, with count and hash, is written last.</summary>
internal sealed class PixelCacheWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _count;

    public PixelCacheWriter(string path)
    {
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        _stream.Write(stackalloc byte[PixelHeader.Length]);
    }

    /// <param name="pixels">256 x 256 grey values.</param>
    public void Add(ReadOnlySpan<byte> pixels)
    {
        if (pixels.Length != DatasetManifest.Side * DatasetManifest.Side)
            throw new ArgumentException($"An image has {DatasetManifest.Side * DatasetManifest.Side} pixels here, not {pixels.Length}.");
        _stream.Write(pixels);
        _hash.AppendData(pixels);
        _count++;
    }

    public PixelHeader Complete()
    {
        var header = new PixelHeader(_count, DatasetManifest.Side, DatasetManifest.Side, _hash.GetHashAndReset());
        _stream.Position = 0;
        header.Write(_stream);
        _stream.Flush(flushToDisk: true);
        return header;
    }

    /// <summary>Writes the header of a file that was filled otherwise: room for the header, then the images.</summary>
    public static PixelHeader Seal(string path, int count)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 20);
        stream.Seek(PixelHeader.Length, SeekOrigin.Begin);
        var header = new PixelHeader(count, DatasetManifest.Side, DatasetManifest.Side, SHA256.HashData(stream));
        stream.Position = 0;
        header.Write(stream);
        stream.Flush(flushToDisk: true);
        return header;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }
}
