using Pneumothorax.Lab.Experiments.Randomness;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Which images make up each step: every epoch is a new shuffle of all of them, or the order of the file again.</summary>
/// <remarks>
/// A pure function of seed and step, so a resumed run needs no stored position. Batches never come up short: one that reaches the end of
/// an epoch is filled from the start of the next, so that every step weighs the same and no image is left out.
/// </remarks>
internal sealed class EpochSampler(int seed, IReadOnlyList<int> rows, bool shuffle = true)
{
    private long _shuffledEpoch = -1;
    private readonly int[] _shuffled = [.. rows];

    /// <param name="step">Counted from 1.</param>
    /// <returns>Rows of the batch, in order.</returns>
    public long[] Batch(int step, int size)
    {
        var batch = new long[size];
        for (var i = 0; i < size; i++)
        {
            var position = (long)(step - 1) * size + i;
            batch[i] = Epoch(position / rows.Count)[(int)(position % rows.Count)];
        }
        return batch;
    }

    private int[] Epoch(long epoch)
    {
        if (epoch != _shuffledEpoch)
        {
            for (var i = 0; i < _shuffled.Length; i++) _shuffled[i] = rows[i];
            if (shuffle) new StableRandom(seed, RandomUse.Order, epoch).Shuffle(_shuffled);
            _shuffledEpoch = epoch;
        }
        return _shuffled;
    }
}
