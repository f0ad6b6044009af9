using Pneumothorax.Lab.Experiments.Randomness;

namespace Pneumothorax.Lab.Datasets;

/// <summary>Numbers of <see cref="SplitMix64"/> as drawing needs them: the same picture for the same seed for ever.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A stream of its own for item <paramref name="index"/>, whatever was drawn for others.</summary>
    public static SeededRandom For(int seed, int index)
    {
        var mixed = new SeededRandom((uint)seed);
        return new(mixed.NextBits() ^ new SeededRandom((uint)index * SplitMix64.Increment + 1).NextBits());
    }

    public ulong NextBits() => SplitMix64.Next(ref _state);

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
