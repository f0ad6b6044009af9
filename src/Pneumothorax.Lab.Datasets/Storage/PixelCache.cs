using System.IO.MemoryMappedFiles;

namespace Pneumothorax.Lab.Datasets.Storage;

/// <summary>
/// A memory-mapped file of grey images: 64 bytes of <see cref="PixelHeader"/>, then the images, one byte a pixel, one after the
/// other. Processes that open the same file share its memory.
/// </summary>
internal sealed unsafe class PixelCache : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _first;
    private bool _disposed;

    private PixelCache(string path, PixelHeader header)
    {
        Header = header;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _first = pointer + _view.PointerOffset + PixelHeader.Length;
    }

    public PixelHeader Header { get; }

    public int Count => Header.Count;

    /// <exception cref="InvalidDataException">Not a pixel file, or cut short; the message names it.</exception>
    public static PixelCache Open(string path)
    {
        PixelHeader header;
        using (var stream = File.OpenRead(path))
        {
            header = PixelHeader.Read(stream, path);
            if (stream.Length != PixelHeader.Length + header.PixelBytes)
                throw new InvalidDataException($"{path} is {stream.Length} bytes long; {header.Count} images need {PixelHeader.Length + header.PixelBytes}.");
        }
        return new(path, header);
    }

    /// <param name="row">From 0 to <see cref="Count"/> - 1; not checked here.</param>
    public ReadOnlySpan<byte> Pixels(int row)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new(_first + (long)row * Header.ImageBytes, Header.ImageBytes);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
