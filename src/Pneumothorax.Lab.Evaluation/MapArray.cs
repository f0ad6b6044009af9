using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pneumothorax.Lab.Evaluation;

/// <summary>
/// The many float32 numbers of an evaluation, its maps: in memory, or left in the file until some of them are asked for. At 100,000
/// images all maps would take 800 MB, and a page shows those of one.
/// </summary>
public sealed class MapArray : IDisposable
{
    private readonly float[]? _values;
    private readonly Source? _source;
    private SafeFileHandle? _open;

    private MapArray(float[] values) => (_values, Length) = (values, values.Length);

    private MapArray(Source source, long length) => (_source, Length) = (source, length);

    public long Length { get; }

    public static implicit operator MapArray(float[] values) => new(values);

    /// <summary>Numbers that lie one after the other in a file. It is kept open, so that they stay readable when a newer file takes its name.</summary>
    /// <param name="file">Open on the file; not kept.</param>
    /// <param name="offset">Of the first number, in bytes.</param>
    internal static MapArray InFile(FileStream file, long offset, long length)
    {
        var source = new Source(file.Name, offset, File.GetLastWriteTimeUtc(file.SafeFileHandle), file.Length);
        return new(source, length) { _open = source.Open() };
    }

    /// <returns>Numbers of the array from a place on; of an array in memory without a copy.</returns>
    /// <exception cref="IOException">The file cannot be read, or was closed and has been replaced since.</exception>
    public ReadOnlySpan<float> Slice(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Length);
        if (_values is not null) return _values.AsSpan((int)first, count);

        var numbers = new float[count];
        Read(first, numbers);
        return numbers;
    }

    /// <summary>Fills the whole target from a place of the array on: for going through many images without leaving memory behind.</summary>
    /// <exception cref="IOException">As for <see cref="Slice"/>.</exception>
    public void Read(long first, Span<float> target)
    {
        if (_values is not null)
        {
            _values.AsSpan((int)first, target.Length).CopyTo(target);
            return;
        }
        try
        {
            if (_open is { IsClosed: false } open)
            {
                _source!.Read(open, first, target);
                return;
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed in this very moment: below it is opened again for itself.
        }
        using var own = _source!.Open();
        _source.Read(own, first, target);
    }

    /// <returns>All numbers.</returns>
    public float[] ToArray()
    {
        if (_values is not null) return _values;
        var all = new float[Length];
        Read(0, all);
        return all;
    }

    /// <summary>Closes the file. Whoever still reads opens it anew each time, as long as it is the same file.</summary>
    public void Dispose() => _open?.Dispose();

    private sealed record Source(string Path, long Offset, DateTime Written, long Bytes)
    {
        public SafeFileHandle Open()
        {
            var open = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
            if (File.GetLastWriteTimeUtc(open) == Written && RandomAccess.GetLength(open) == Bytes) return open;

            open.Dispose();
            throw new IOException($"{Path} has been replaced by a newer evaluation since it was opened; load the page again.");
        }

        public void Read(SafeFileHandle open, long first, Span<float> target)
        {
            var bytes = MemoryMarshal.AsBytes(target);
            var at = Offset + first * sizeof(float);
            while (bytes.Length > 0)
            {
                var read = RandomAccess.Read(open, bytes, at);
                if (read == 0) throw new IOException($"{Path} ends within its maps: it has been cut short.");
                bytes = bytes[read..];
                at += read;
            }
        }
    }
}
