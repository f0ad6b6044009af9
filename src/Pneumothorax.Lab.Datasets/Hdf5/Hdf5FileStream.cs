using System.Runtime.CompilerServices;

namespace Pneumothorax.Lab.Datasets.Hdf5;

/// <summary>
/// An HDF5 file as PureHDF can read it: from its superblock on, whatever block of a user's own lies before that. It remembers where it
/// was last read, since PureHDF knows where an array lies but does not tell.
/// </summary>
internal sealed class Hdf5FileStream : Stream
{
    private const int SuperblockBytes = 40;

    private readonly (long First, long End) _baseAddress;

    private Hdf5FileStream(FileStream file, long start, (long, long) baseAddress) => (File, Start, _baseAddress) = (file, start, baseAddress);

    public FileStream File { get; }

    /// <summary>Where in the file this stream begins.</summary>
    public long Start { get; }

    /// <summary>Position of the last read, -1 when there was none since it was set to that.</summary>
    public long LastRead { get; set; } = -1;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => File.Length - Start;
    public override long Position { get => File.Position - Start; set => File.Position = value + Start; }

    /// <exception cref="InvalidDataException">It is empty, no HDF5 file, or no file at all.</exception>
    public static Hdf5FileStream Open(string path, FileShare share)
    {
        var file = RegularFile.Open(path, share);
        try
        {
            var reason = new Hdf5Reason(path);
            if (file.Length == 0) throw reason.Refuse("is empty");
            if (FindSuperblock(file) is not { } start) throw reason.Refuse("is not an HDF5 file");
            file.Position = start;
            var superblock = new byte[SuperblockBytes];
            file.ReadAtLeast(superblock, SuperblockBytes, throwOnEndOfStream: false);
            file.Position = start;
            return new(file, start, BaseAddress(superblock));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        // A link or a tree that leads back to itself makes PureHDF call itself without end; every turn reads something.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        LastRead = Position;
        var count = File.Read(buffer);
        // Addresses count from the superblock, as for HDF5's own library, whatever the file says of itself.
        for (var at = Math.Max(LastRead, _baseAddress.First); at < Math.Min(LastRead + count, _baseAddress.End); at++) buffer[(int)(at - LastRead)] = 0;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => origin == SeekOrigin.Begin ? File.Seek(offset + Start, origin) - Start : File.Seek(offset, origin) - Start;

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) File.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The format allows the signature at 0, 512, 1024, 2048, ...</summary>
    private static long? FindSuperblock(FileStream file)
    {
        Span<byte> start = stackalloc byte[8];
        for (long at = 0; at < file.Length; at = at == 0 ? 512 : at * 2)
        {
            file.Position = at;
            if (file.ReadAtLeast(start, 8, throwOnEndOfStream: false) < 8) return null;
            if (start is [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a]) return at;
        }
        return null;
    }

    /// <returns>Where a superblock says how long the user's block before it is; its version decides.</returns>
    private static (long First, long End) BaseAddress(byte[] superblock) => superblock[8] switch
    {
        0 => (24, 24 + superblock[13]),
        1 => (28, 28 + superblock[13]),
        _ => (12, 12 + superblock[9]),
    };
}
