namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>
/// Which stored values become black and white. A single hot pixel, or a value that stands for "nothing was measured here", must not leave the
/// chest with ten grey values: what lies far outside the rest does not count.
/// </summary>
/// <param name="Outside">Pixels that were left out of the range, though they are no padding.</param>
internal readonly record struct GreyRange(int Low, int High, int Outside)
{
    /// <summary>Fewer values than this are no picture of which something could lie outside.</summary>
    private const int LeastValues = 32;

    /// <summary>Pixels at either end, of a thousand, that a range may leave out: markers of lead, defects of a detector.</summary>
    private const int LeftOut = 5;

    /// <param name="padding">True where a value is none; empty if all are values.</param>
    /// <returns>The values that are used, unless a few of them stretch that range to more than twice what it is without them.</returns>
    public static GreyRange Of(ReadOnlySpan<ushort> values, ReadOnlySpan<bool> padding)
    {
        var counts = new int[ushort.MaxValue + 1];
        for (var i = 0; i < values.Length; i++)
        {
            if (padding.IsEmpty || !padding[i]) counts[values[i]]++;
        }
        var (first, last) = (Array.FindIndex(counts, count => count > 0), Array.FindLastIndex(counts, count => count > 0));
        if (first < 0) return default;

        var (low, high) = WithoutLoneEnds(counts, first, last);
        (low, high) = WithoutRareEnds(counts, low, high);
        var outside = 0;
        for (var value = first; value <= last; value++)
        {
            if (value < low || value > high) outside += counts[value];
        }
        return new(low, high, outside);
    }

    /// <returns>0 to 255, clamped.</returns>
    public byte Grey(int value)
    {
        var range = Math.Max(1, High - Low);
        return (byte)((255L * (Math.Clamp(value, Low, High) - Low) + range / 2) / range);
    }

    /// <summary>The lowest or highest value is left out where it is further from its neighbour than all the others are from one another: a padding that the file does not name.</summary>
    private static (int Low, int High) WithoutLoneEnds(int[] counts, int low, int high)
    {
        var second = Array.FindIndex(counts, low + 1, count => count > 0);
        if (second > 0 && high - second >= LeastValues && second - low > high - second) low = second;
        var before = high > 0 ? Array.FindLastIndex(counts, high - 1, count => count > 0) : -1;
        if (before > low && before - low >= LeastValues && high - before > before - low) high = before;
        return (low, high);
    }

    private static (int Low, int High) WithoutRareEnds(int[] counts, int low, int high)
    {
        var total = 0L;
        for (var value = low; value <= high; value++) total += counts[value];
        var rare = total * LeftOut / 1000;
        var (from, to) = (low, high);
        for (var passed = (long)counts[from]; passed <= rare; passed += counts[from]) from++;
        for (var passed = (long)counts[to]; passed <= rare; passed += counts[to]) to--;
        if (to - from < LeastValues || high - low <= 2 * (to - from)) return (low, high);

        // A tenth of room on either side, as far as there are values in it.
        var room = (to - from) / 10;
        low = Array.FindIndex(counts, Math.Max(low, from - room), count => count > 0);
        high = Array.FindLastIndex(counts, Math.Min(high, to + room), count => count > 0);
        return (low, high);
    }
}
