namespace Pneumothorax.Lab.Data.Hdf5;

/// <summary>A file that remembers where it was last read: PureHDF knows where an array lies but does not tell.</summary>
internal sealed class NotingStream(FileStream file) : Stream
{
    /// <summary>Offset of the last read, -1 when there was none since it was set to that.</summary>
    public long LastRead { get; set; } = -1;

    public FileStream File => file;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => file.Length;
    public override long Position { get => file.Position; set => file.Position = value; }

    public override int Read(Span<byte> buffer)
    {
        LastRead = file.Position;
        return file.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
