using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Experiments.Curves;

/// <summary>
/// The points of one series in a <see cref="CurveFile"/>, read where somebody looks at them, a window at a time: a page opens without them,
/// and a class that looks at a million needs no room for them. For one page at a time: the window moves.
/// </summary>
/// <param name="file">Stays open; closed by its finalizer, when no page has the points any more.</param>
/// <param name="offset">Byte of the first step: then come the other steps (4 bytes each) and the values (8 bytes each).</param>
/// <param name="count">Points there; no fewer.</param>
public sealed class KeptPoints(FileStream file, long offset, int count)
{
    private const int WindowLength = 8192;

    private int[] _steps = [];
    private double[] _values = [];
    private int _from;
    private int _length;

    public int Count => count;

    /// <returns>Bytes that so many points take.</returns>
    public static long Bytes(int count) => 12L * count;

    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public (int Step, double Value) this[int index]
    {
        get
        {
            if ((uint)(index - _from) >= (uint)_length) Look(index);
            return (_steps[index - _from], _values[index - _from]);
        }
    }

    private void Look(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count);
        if (_steps.Length == 0) (_steps, _values) = (new int[Math.Min(WindowLength, count)], new double[Math.Min(WindowLength, count)]);

        var length = Math.Min(WindowLength, count - (_from = index / WindowLength * WindowLength));
        _length = 0;            // until both are read
        Read(MemoryMarshal.AsBytes(_steps.AsSpan(0, length)), offset + 4L * _from);
        Read(MemoryMarshal.AsBytes(_values.AsSpan(0, length)), offset + 4L * count + 8L * _from);
        _length = length;
    }

    private void Read(Span<byte> bytes, long from)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, bytes, from);
            if (read == 0) throw new EndOfStreamException("The copy of a run's points was truncated while it was being read.");
            bytes = bytes[read..];
            from += read;
        }
    }
}
