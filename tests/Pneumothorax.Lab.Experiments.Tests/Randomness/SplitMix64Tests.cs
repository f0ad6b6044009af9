using Pneumothorax.Lab.Experiments.Randomness;

namespace Pneumothorax.Lab.Experiments.Tests.Randomness;

public sealed class SplitMix64Tests
{
    /// <summary>The first numbers of the reference implementation (prng.di.unimi.it/splitmix64.c) for the seed 0.</summary>
    [Fact]
    public void Next_GivesTheReferencesNumbers()
    {
        ulong state = 0;

        Assert.Equal([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F], Enumerable.Range(0, 3).Select(_ => SplitMix64.Next(ref state)).ToArray());
    }

    /// <summary>These decide what a seed means: a run of last year must come out the same.</summary>
    [Fact]
    public void StableRandom_StaysAsItIs()
    {
        var random = new StableRandom(1, RandomUse.Order, 2);

        Assert.Equal([0xEC6B2A5F7396C62C, 0x9EB4F9A1E1BD2171, 0xA571C4DAE898F568], Enumerable.Range(0, 3).Select(_ => random.Next()).ToArray());
    }
}
