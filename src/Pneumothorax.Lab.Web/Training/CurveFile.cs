using System.Runtime.InteropServices;
using System.Text;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Training;

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
    public static (Dictionary<string, List<(int Step, double Value)>> Series, long Covered) Read(RunFolder folder)
    {
        try
        {
            using var stream = new FileStream(PathOf(folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            if (reader.ReadInt64() != Mark) return ([], 0);
            var covered = reader.ReadInt64();
            if (!reader.ReadBytes(TailBytes).AsSpan().SequenceEqual(TailAt(folder, covered))) return ([], 0);

            var series = new Dictionary<string, List<(int, double)>>();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var name = reader.ReadString();
                var count = reader.ReadInt32();
                if (count < 0 || count * 12L > stream.Length) return ([], 0);
                series[name] = ReadPoints(stream, count);
            }
            return (series, covered);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ([], 0);         // absent, or cut short
        }
    }

    /// <summary>Writes the copy; where that is not possible, the next reader takes its time.</summary>
    /// <param name="covered">Bytes of <c>metrics.jsonl</c> that the points come from.</param>
    public static void Write(RunFolder folder, IReadOnlyDictionary<string, List<(int Step, double Value)>> series, long covered)
    {
        var temporary = $"{PathOf(folder)}.{Guid.NewGuid():N}";     // two pages may write at once
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            using (var writer = new BinaryWriter(stream, Encoding.UTF8))
            {
                writer.Write(Mark);
                writer.Write(covered);
                writer.Write(TailAt(folder, covered));
                writer.Write(series.Count);
                foreach (var (name, points) in series)
                {
                    writer.Write(name);
                    writer.Write(points.Count);
                    writer.Flush();
                    stream.Write(MemoryMarshal.AsBytes<int>([.. points.Select(point => point.Step)]));
                    stream.Write(MemoryMarshal.AsBytes<double>([.. points.Select(point => point.Value)]));
                }
            }
            File.Move(temporary, PathOf(folder), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            try { File.Delete(temporary); }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException) { }
        }
    }

    private static List<(int Step, double Value)> ReadPoints(FileStream stream, int count)
    {
        var (steps, values) = (new int[count], new double[count]);
        stream.ReadExactly(MemoryMarshal.AsBytes(steps.AsSpan()));
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));

        var points = new List<(int, double)>(count + count / 8);      // a run that goes on adds to it
        CollectionsMarshal.SetCount(points, count);
        var span = CollectionsMarshal.AsSpan(points);
        for (var i = 0; i < count; i++) span[i] = (steps[i], values[i]);
        return points;
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
