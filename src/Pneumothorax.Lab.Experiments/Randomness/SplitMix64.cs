namespace Pneumothorax.Lab.Experiments.Randomness;

/// <summary>
/// The generator behind all random numbers of the lab: the same for the same state on every machine and in every version of .NET, which
/// <see cref="Random"/> does not promise.
/// </summary>
/// <remarks>Source: Steele, Lea and Flood, OOPSLA 2014.</remarks>
public static class SplitMix64
{
    /// <summary>By which the state grows at each number: 2^64 divided by the golden ratio.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15;

    public static ulong Next(ref ulong state)
    {
        state += Increment;
        return Mix(state);
    }

    /// <summary>Spreads neighbouring numbers over all 64 bits.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
