using System.Globalization;
using System.Text.RegularExpressions;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>What torch says of a GPU that ran out of memory.</summary>
internal static partial class GpuMemory
{
    /// <param name="message">torch's own about a GPU: it names what the device has, what is free and what this process holds.</param>
    /// <param name="resident">Bytes of images that lie on the device.</param>
    /// <returns>Bytes that training could take; null where the message says something else.</returns>
    public static long? FreeOf(string message, long resident) =>
        Free().Match(message) is { Success: true } free && Allocated().Match(message) is { Success: true } allocated && Reserved().Match(message) is { Success: true } reserved
            ? Bytes(free) + Bytes(allocated) + Bytes(reserved) - resident
            : null;

    private static long Bytes(Match match) =>
        (long)(double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * match.Groups["unit"].Value switch
        {
            "GiB" => 1L << 30,
            "MiB" => 1L << 20,
            "KiB" => 1L << 10,
            _ => 1L,
        });

    [GeneratedRegex(@"of which (?<number>[\d.]+) (?<unit>\w+) is free")]
    private static partial Regex Free();

    [GeneratedRegex(@"(?<number>[\d.]+) (?<unit>\w+) is allocated by PyTorch")]
    private static partial Regex Allocated();

    [GeneratedRegex(@"(?<number>[\d.]+) (?<unit>\w+) is reserved by PyTorch but unallocated")]
    private static partial Regex Reserved();
}
