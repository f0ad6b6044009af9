using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>Reads the lines of a <c>metrics.jsonl</c>, also while they are appended.</summary>
/// <remarks>
/// A long run has millions of lines, for which a general JSON reader takes several seconds. Lines as the trainer writes them are
/// therefore taken apart directly; any other line goes to the general reader.
/// </remarks>
public sealed class MetricsReader : IDisposable
{
    private readonly FileStream _stream;

    // One string is shared by all points of a series.
    private readonly List<(byte[] Utf8, string Name)> _names = [];

    /// <param name="from">Byte to begin at: the start of a line.</param>
    /// <exception cref="IOException">The file is not there.</exception>
    public MetricsReader(string path, long from = 0)
    {
        // The trainer may be appending: share everything.
        _stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _stream.Seek(from, SeekOrigin.Begin);
        Position = from;
    }

    /// <summary>Bytes before the first line that is not read yet, or not whole yet.</summary>
    public long Position { get; private set; }

    private static ReadOnlySpan<byte> BeforeStep => "{\"step\":"u8;
    private static ReadOnlySpan<byte> BeforeSeries => ",\"series\":\""u8;
    private static ReadOnlySpan<byte> BeforeValue => "\",\"value\":"u8;

    /// <returns>
    /// The points from here on, in file order. A last line without an end may be half written: it counts when it is whole, but
    /// <see cref="Position"/> stays before it.
    /// </returns>
    public IEnumerable<MetricPoint> Read()
    {
        var buffer = new byte[1 << 18];
        var points = new List<MetricPoint>();
        var held = 0;
        while (_stream.Read(buffer, held, buffer.Length - held) is > 0 and var read)
        {
            held += read;
            points.Clear();
            var used = ParseLines(buffer.AsSpan(0, held), points);
            Position += used;
            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
            if (held == buffer.Length) Array.Resize(ref buffer, 2 * held);
            foreach (var point in points) yield return point;
        }
        if (Parse(buffer.AsSpan(0, held)) is { } last) yield return last;
    }

    public void Dispose() => _stream.Dispose();

    /// <returns>Bytes of the whole lines.</returns>
    private int ParseLines(ReadOnlySpan<byte> text, List<MetricPoint> points)
    {
        var start = 0;
        while (text[start..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (Parse(text.Slice(start, length)) is { } point) points.Add(point);
            start += length + 1;
        }
        return start;
    }

    /// <returns>Null for what is no point.</returns>
    private MetricPoint? Parse(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty) return null;
        if (ParseAsWritten(line) is { } point) return point;
        try { return JsonSerializer.Deserialize<MetricPoint>(line, LabJson.Line) is { Series: not null } other ? other : null; }
        catch (JsonException) { return null; }
    }

    private MetricPoint? ParseAsWritten(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(BeforeStep) || !Utf8Parser.TryParse(line[BeforeStep.Length..], out int step, out var digits)) return null;
        line = line[(BeforeStep.Length + digits)..];
        if (!line.StartsWith(BeforeSeries)) return null;
        line = line[BeforeSeries.Length..];
        var end = line.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || !line[end..].StartsWith(BeforeValue)) return null;
        var name = NameOf(line[..end]);
        line = line[(end + BeforeValue.Length)..];
        return Utf8Parser.TryParse(line, out double value, out digits) && line[digits..].SequenceEqual("}"u8)
            ? new(step, name, value)
            : null;
    }

    private string NameOf(ReadOnlySpan<byte> utf8)
    {
        foreach (var (known, name) in _names)
        {
            if (utf8.SequenceEqual(known)) return name;
        }
        _names.Add((utf8.ToArray(), Encoding.UTF8.GetString(utf8)));
        return _names[^1].Name;
    }
}
