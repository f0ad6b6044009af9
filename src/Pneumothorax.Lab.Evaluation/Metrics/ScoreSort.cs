using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Sorts scores by their bits, digit by digit, from the lowest: a long list costs six passes, whatever its order.</summary>
internal static class ScoreSort
{
    private const int DigitBits = 11, Digits = 1 << DigitBits, Passes = 6;      // 66 bits for the 64 of a double

    /// <summary>Below this the tables cost more than the comparisons.</summary>
    private const int Few = 4096;

    /// <summary>From the lowest to the highest. Negative zero becomes zero, for the two are equal scores.</summary>
    /// <param name="scores">Finite.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]      // a page sorts once: it would be over before the compiler took notice
    public static void Sort(Span<double> scores)
    {
        for (var i = 0; i < scores.Length; i++) scores[i] += 0.0;
        if (scores.Length < Few)
        {
            scores.Sort();
            return;
        }

        // As whole numbers, doubles are in order of size once negative ones are inverted and the others lifted above them.
        var from = MemoryMarshal.Cast<double, ulong>(scores);
        var counts = new int[Passes * Digits];
        for (var i = 0; i < from.Length; i++)
        {
            var key = from[i] ^= (ulong)((long)from[i] >> 63) | (1UL << 63);
            for (var pass = 0; pass < Passes; pass++) counts[pass * Digits + ((int)(key >> (pass * DigitBits)) & (Digits - 1))]++;
        }

        var rented = ArrayPool<ulong>.Shared.Rent(from.Length);
        var to = rented.AsSpan(0, from.Length);
        for (var pass = 0; pass < Passes; pass++)
        {
            var places = counts.AsSpan(pass * Digits, Digits);
            var shift = pass * DigitBits;
            if (places[(int)(from[0] >> shift) & (Digits - 1)] == from.Length) continue;        // all have the same digit here

            var before = 0;
            foreach (ref var place in places) (place, before) = (before, before + place);
            foreach (var key in from) to[places[(int)(key >> shift) & (Digits - 1)]++] = key;
            var sorted = to;
            to = from;
            from = sorted;
        }

        var ends = MemoryMarshal.Cast<double, ulong>(scores);
        for (var i = 0; i < from.Length; i++) ends[i] = from[i] ^ ((ulong)~((long)from[i] >> 63) | (1UL << 63));
        ArrayPool<ulong>.Shared.Return(rented);
    }
}
