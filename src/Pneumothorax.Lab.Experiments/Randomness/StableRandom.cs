namespace Pneumothorax.Lab.Experiments.Randomness;

/// <summary>
/// Random numbers that stay the same for ever, on every machine and with every version of .NET and torch, so that a seed means something.
/// </summary>
public sealed class StableRandom
{
    private ulong _state;

    /// <param name="seed">The run's seed.</param>
    /// <param name="use">What the numbers are for; the numbers of two uses have nothing to do with one another.</param>
    /// <param name="index">Which of its kind, such as the epoch.</param>
    public StableRandom(int seed, RandomUse use, long index = 0)
    {
        // Each part passes through the mixer, so that neighbouring seeds and epochs start far apart.
        _state = SplitMix64.Mix((ulong)seed + 1);
        _state = SplitMix64.Mix(_state ^ ((ulong)use + 1));
        _state = SplitMix64.Mix(_state ^ ((ulong)index + 1));
    }

    public ulong Next() => SplitMix64.Next(ref _state);

    /// <returns>Evenly from 0 up to, but not, 1; 24 random bits, as many as a float holds.</returns>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    /// <returns>Evenly from 0 up to, but not, <paramref name="limit"/> (off by less than one in 2^32 for any limit that fits memory).</returns>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>Fisher-Yates: every order is as likely.</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}

/// <summary>What random numbers of a seed are for. The numbers behind the names decide results: never change them.</summary>
public enum RandomUse
{
    Weights = 0,
    Order = 1,
    ValidationSample = 2,
    Augmentation = 3,
    Dropout = 4,
    Bootstrap = 5,
}
