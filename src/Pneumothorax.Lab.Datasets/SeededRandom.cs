namespace Pneumothorax.Lab.Datasets;

/// <summary>
/// SplitMix64: the same numbers for the same seed on every machine and in every version of .NET, which
/// <see cref="Random"/> does not promise. Source: Steele, Lea and Flood, OOPSLA 2014.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A stream of its own for item <paramref name="index"/>, whatever was drawn for others.</summary>
    public static SeededRandom For(int seed, int index)
    {
        var mixed = new SeededRandom((uint)seed);
        return new(mixed.NextBits() ^ new SeededRandom((uint)index * 0x9E3779B97F4A7C15UL + 1).NextBits());
    }

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <returns>From 0 up to, not including, 1.</returns>
    public double Unit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public double Between(double least, double most) => least + Unit() * (most - least);

    /// <returns>A whole number from 0 to count - 1.</returns>
    public int Below(int count) => (int)(Unit() * count);

    public bool Chance(double probability) => Unit() < probability;

    /// <returns>Mean 0, deviation 1, at most 6 away: the sum of twelve uniform numbers, exact on every machine.</returns>
    public double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += Unit();
        return sum;
    }

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
