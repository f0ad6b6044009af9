using FsCheck;
using FsCheck.Xunit;
using Pneumothorax.Lab.Learning.Training;

namespace Pneumothorax.Lab.Learning.Tests.Training;

public sealed class EpochSamplerTests
{
    [Property]
    public bool Batch_EveryEpoch_ShowsEachImageOnce(PositiveInt count, PositiveInt size, byte seed)
    {
        var rows = Enumerable.Range(100, count.Get).ToArray();
        var order = new EpochSampler(seed, rows);

        // As many steps as make whole epochs, whatever the batch size.
        var shown = Enumerable.Range(1, count.Get).SelectMany(step => order.Batch(step, size.Get)).ToList();
        return shown.Chunk(count.Get).All(epoch => epoch.Order().SequenceEqual(rows.Select(row => (long)row)));
    }

    [Property]
    public bool Batch_AnyStep_NeedsNoStepsBeforeIt(PositiveInt step, byte seed)
    {
        var rows = Enumerable.Range(0, 37).ToArray();
        var walked = new EpochSampler(seed, rows);
        for (var i = 1; i < step.Get; i++) walked.Batch(i, 15);

        return walked.Batch(step.Get, 15).SequenceEqual(new EpochSampler(seed, rows).Batch(step.Get, 15));
    }

    [Fact]
    public void Batch_NextEpoch_IsShuffledAnew()
    {
        var order = new EpochSampler(1, Enumerable.Range(0, 50).ToArray());

        Assert.NotEqual(order.Batch(1, 50), order.Batch(2, 50));
    }

    [Fact]
    public void Batch_OtherSeed_HasAnotherOrder()
    {
        var rows = Enumerable.Range(0, 50).ToArray();

        Assert.NotEqual(new EpochSampler(1, rows).Batch(1, 50), new EpochSampler(2, rows).Batch(1, 50));
    }

    [Fact]
    public void Batch_SeedOne_IsTheSameForEver() =>
        Assert.Equal(s_seedOne, new EpochSampler(1, Enumerable.Range(0, 10).ToArray()).Batch(1, 10));

    // Written down when the generator was made: a change here changes every recorded run.
    private static readonly long[] s_seedOne = [4, 6, 2, 1, 0, 8, 7, 3, 9, 5];
}
