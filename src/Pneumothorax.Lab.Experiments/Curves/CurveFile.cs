using System.Text;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Experiments.Curves;

/// <summary>
/// The beginning of a long <c>metrics.jsonl</c> once more, as plain numbers beside it: <c>metrics.cache</c>. A million steps are
/// read from it in a hundredth of the time. <c>metrics.jsonl</c> stays the record; the copy can be deleted at any time.
/// </summary>
/// <remarks>
/// Layout, in the byte order of this machine: mark, covered bytes of <c>metrics.jsonl</c>, the last of those bytes, number of
/// series; then for each its name, its number of points, their steps (4 bytes each) and their values (8 bytes each).
/// </remarks>
public static class CurveFile
{
    /// <summary>Bytes of lines that are still read in a blink without a copy.</summary>
    public const long WorthKeeping = 4 << 20;

    // Says what the file is, and in which layout; BitConverter's byte order is that of the points.
    private const long Mark = 0x31_65_76_72_75_43_62_4c;

    /// <summary>The last covered line with its step and values; a file that was cut and written anew does not end the same way there.</summary>
    private const int TailBytes = 64;

    private static string PathOf(RunFolder folder) => folder.MetricsPath[..^".jsonl".Length] + ".cache";

    /// <returns>What the copy holds, and the byte of <c>metrics.jsonl</c> from which on it holds nothing; nothing and 0 where there is
    /// no copy, or one that is damaged or of other points.</returns>
    public static (Dictionary<string, CurvePoints> Series, long Covered) Read(RunFolder folder)
    {
        FileStream? stream = null;
        try
        {
            stream = new(PathOf(folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (ReadHeads(stream, folder) is { } found)
            {
                stream = null;          // open as long as the points are
                return found;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // absent, or cut short
        }
        finally
        {
            stream?.Dispose();
        }
        return ([], 0);
    }

    private static (Dictionary<string, CurvePoints> Series, long Covered)? ReadHeads(FileStream stream, RunFolder folder)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadInt64() != Mark) return null;
        var covered = reader.ReadInt64();
        if (!reader.ReadBytes(TailBytes).AsSpan().SequenceEqual(TailAt(folder, covered))) return null;

        var series = new Dictionary<string, CurvePoints>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var name = reader.ReadString();
            var count = reader.ReadInt32();
            if (count < 0 || stream.Position + KeptPoints.Bytes(count) > stream.Length) return null;
            series[name] = new(new KeptPoints(stream, stream.Position, count));
            stream.Seek(KeptPoints.Bytes(count), SeekOrigin.Current);
        }
        return (series, covered);
    }

    /// <summary>Writes the copy; where that is not possible, the next reader takes its time.</summary>
    /// <param name="covered">Bytes of <c>metrics.jsonl</c> that the points come from.</param>
    public static void Write(RunFolder folder, IReadOnlyDictionary<string, CurvePoints> series, long covered)
    {
        // Two pages may write at once.
        try { AtomicFile.Write(PathOf(folder), path => Write(path, folder, series, covered), hasRivals: true); }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }
    }

    private static void Write(string path, RunFolder folder, IReadOnlyDictionary<string, CurvePoints> series, long covered)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Mark);
        writer.Write(covered);
        writer.Write(TailAt(folder, covered));
        writer.Write(series.Count);
        foreach (var (name, points) in series)
        {
            writer.Write(name);
            writer.Write(points.Count);
            foreach (var (step, _) in points) writer.Write(step);
            foreach (var (_, value) in points) writer.Write(value);
        }
    }

    private static byte[] TailAt(RunFolder folder, long covered)
    {
        var tail = new byte[TailBytes];
        using var stream = new FileStream(folder.MetricsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(covered - TailBytes, SeekOrigin.Begin);
        stream.ReadExactly(tail);
        return tail;
    }
}
