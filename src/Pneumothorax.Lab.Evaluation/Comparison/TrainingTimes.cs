using System.Buffers.Binary;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Comparison;

/// <summary>
/// How long a run had trained when it reached a step. The points of a run say nothing of the clock, so that the same run gives the same
/// points; its TensorBoard event files have the time of each. Pauses between two starts do not count, nor do steps that were lost.
/// </summary>
/// <remarks>Read on one thread at a time.</remarks>
public sealed class TrainingTimes(RunFolder folder)
{
    /// <summary>Closer in time than this, steps are told apart by the straight line between their neighbours: a long run has a million.</summary>
    private const double Finest = 0.25;

    private const int Frame = sizeof(ulong) + sizeof(uint);      // before an event: its length and a checksum
    private const int Checksum = sizeof(uint);                   // after it
    private const int Head = 24;                                 // an event begins with its time and its step

    private readonly List<(int Step, double Seconds)> _times = [];
    private string _file = "";
    private long _position;
    private int _events;
    private double _started;
    private double _before;

    /// <summary>Whether any time is known: a run that came without its event files has none.</summary>
    public bool IsKnown => _times.Count > 1;

    /// <summary>The last step whose time is known; 0 before the first.</summary>
    public int LastStep => _times.Count == 0 ? 0 : _times[^1].Step;

    /// <returns>Null for a step whose time is not known.</returns>
    public double? SecondsAt(int step)
    {
        if (!IsKnown || step > _times[^1].Step || step < _times[0].Step) return null;

        var (low, high) = Around(time => time.Step < step);
        var (from, to) = (_times[low], _times[high]);
        return to.Step == from.Step ? to.Seconds : from.Seconds + (to.Seconds - from.Seconds) * (step - from.Step) / (to.Step - from.Step);
    }

    /// <returns>The step, not rounded, that was reached then; the first or last known one outside of what is known.</returns>
    public double StepAt(double seconds)
    {
        if (!IsKnown) return 0;

        var (low, high) = Around(time => time.Seconds < seconds);
        var (from, to) = (_times[low], _times[high]);
        return to.Seconds <= from.Seconds ? to.Step : from.Step + (to.Step - from.Step) * Math.Clamp((seconds - from.Seconds) / (to.Seconds - from.Seconds), 0, 1);
    }

    /// <summary>Takes in what the run has written since the last call.</summary>
    public void Refresh()
    {
        if (!Directory.Exists(folder.TensorBoardPath)) return;
        try
        {
            // In order of their names, which begin with the time; the one that was read last may have grown.
            foreach (var file in Directory.EnumerateFiles(folder.TensorBoardPath, "*.tfevents.*").Order(StringComparer.Ordinal))
            {
                var order = string.CompareOrdinal(file, _file);
                if (order < 0) continue;
                if (order > 0) (_file, _position, _events) = (file, 0, 0);
                Read();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Started anew, or deleted, at this moment: the next call finds what is there then.
        }
    }

    private void Read()
    {
        using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
        var length = stream.Length;
        Span<byte> bytes = stackalloc byte[Frame + Head];
        while (_position + Frame <= length)
        {
            stream.Position = _position;
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var size = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            // Half an event at the end is being written, or a killed process left it; no event is a gigabyte.
            if (size > 1 << 30 || _position + Frame + (long)size + Checksum > length) return;
            Take(bytes[Frame..Math.Min(read, Frame + (int)Math.Min(size, Head))]);
            _position += Frame + (long)size + Checksum;
        }
    }

    /// <param name="head">The first bytes of an Event message: field 1, fixed, is its time; field 2, a varint, its step, left out at 0.</param>
    private void Take(ReadOnlySpan<byte> head)
    {
        if (head.Length < 9 || head[0] != 0x09) return;
        var time = BinaryPrimitives.ReadDoubleLittleEndian(head[1..]);
        var step = head.Length > 10 && head[9] == 0x10 ? Varint(head[10..]) : 0;
        switch (_events++)
        {
            case 0:
                _started = time;
                break;
            case 1:
                // The first step that this file may hold: what earlier starts did from there on was lost.
                GoOnFrom(Math.Max(0, step - 1));
                break;
            default:
                Add(step, _before + Math.Max(0, time - _started));
                break;
        }
    }

    private void GoOnFrom(int step)
    {
        _before = SecondsAt(step) ?? (_times.Count > 0 ? _times[^1].Seconds : 0);
        _times.RemoveAll(time => time.Step >= step);
        _times.Add((step, _before));
    }

    private void Add(int step, double seconds)
    {
        var last = _times[^1];
        if (step <= last.Step) return;
        if (_times.Count > 1 && (seconds <= last.Seconds || seconds - _times[^2].Seconds < Finest)) _times[^1] = (step, Math.Max(seconds, last.Seconds));
        else _times.Add((step, Math.Max(seconds, last.Seconds)));
    }

    private static int Varint(ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (var i = 0; i < Math.Min(bytes.Length, 5); i++)
        {
            value |= (long)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80) break;
        }
        return (int)Math.Min(value, int.MaxValue);
    }

    /// <returns>Indices of the neighbours between which a place lies; the last two, or the first two, beyond the ends.</returns>
    private (int Low, int High) Around(Func<(int Step, double Seconds), bool> isBefore)
    {
        var (low, high) = (0, _times.Count - 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (isBefore(_times[middle])) low = middle;
            else high = middle;
        }
        return (low, high);
    }
}
