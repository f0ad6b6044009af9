using System.Buffers.Binary;
using System.Globalization;
using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Web.Tests.Comparison;

/// <summary>TensorBoard event files as the trainer writes them, but with checksums of 0, which only TensorBoard looks at.</summary>
internal static class EventFileSample
{
    /// <param name="start">When this start of the run began, in seconds.</param>
    /// <param name="events">Step, and seconds after the start; the first one names the step that the start goes on from.</param>
    public static string Write(RunFolder folder, double start, params (int Step, double After)[] events)
    {
        Directory.CreateDirectory(folder.TensorBoardPath);
        var path = Path.Combine(folder.TensorBoardPath, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{start:0000000000}.0000.lab"));
        using var file = File.Create(path);
        file.Write(Record(start, 0, [0x1a, 0x01, 0x32]));
        file.Write(Record(start, events[0].Step == 0 ? 0 : events[0].Step + 1, [0x3a, 0x02, 0x08, 0x01]));
        foreach (var (step, after) in events[1..]) file.Write(Record(start + after, step, [0x2a, .. new byte[step % 7 + 1]]));
        return path;
    }

    private static byte[] Record(double time, int step, byte[] rest)
    {
        List<byte> happened = [0x09, .. BitConverter.GetBytes(time)];
        if (step > 0)
        {
            happened.Add(0x10);
            for (var left = step; ; left >>= 7)
            {
                happened.Add((byte)(left < 0x80 ? left : left & 0x7f | 0x80));
                if (left < 0x80) break;
            }
        }
        happened.AddRange(rest);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)happened.Count);
        return [.. length, .. new byte[4], .. happened, .. new byte[4]];
    }
}
