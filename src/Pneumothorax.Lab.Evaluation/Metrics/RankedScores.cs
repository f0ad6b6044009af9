using System.Buffers;
using System.Runtime.CompilerServices;

namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>
/// A list of labels and scores, sorted once: how many of each class score at or above each distinct score. Curves, areas and the cells at
/// any threshold follow from these counts.
/// </summary>
public sealed class RankedScores
{
    private readonly double[] _scores;
    private readonly int[] _positives;
    private readonly int[] _negatives;

    private RankedScores(double[] scores, int[] positives, int[] negatives) => (_scores, _positives, _negatives) = (scores, positives, negatives);

    /// <summary>Each score once, from the highest down: the thresholds that make a difference.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>How many positives score at or above each of <see cref="Scores"/>.</summary>
    public ReadOnlySpan<int> PositivesFrom => _positives;

    /// <summary>How many negatives score at or above each of <see cref="Scores"/>.</summary>
    public ReadOnlySpan<int> NegativesFrom => _negatives;

    public int Positives => _positives is [.., var all] ? all : 0;

    public int Negatives => _negatives is [.., var all] ? all : 0;

    public bool HasBothClasses => Positives > 0 && Negatives > 0;

    /// <summary>In O(n).</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]      // as in ScoreSort
    public static RankedScores Of(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores)
    {
        LabelledScores.Check(labels, scores);

        // Each class by itself, so that no label has to travel with its score.
        var rented = ArrayPool<double>.Shared.Rent(labels.Length);
        var positives = rented.AsSpan(0, labels.Count((byte)1));
        var negatives = rented.AsSpan(positives.Length, labels.Length - positives.Length);
        for (int i = 0, p = 0, n = 0; i < labels.Length; i++)
        {
            if (labels[i] == 1) positives[p++] = scores[i];
            else negatives[n++] = scores[i];
        }
        ScoreSort.Sort(positives);
        ScoreSort.Sort(negatives);

        var distinct = GC.AllocateUninitializedArray<double>(labels.Length);
        var positivesFrom = GC.AllocateUninitializedArray<int>(labels.Length);
        var negativesFrom = GC.AllocateUninitializedArray<int>(labels.Length);
        var count = 0;
        for (int p = positives.Length, n = negatives.Length; p > 0 || n > 0; count++)
        {
            var score = p == 0 ? negatives[n - 1] : n == 0 ? positives[p - 1] : Math.Max(positives[p - 1], negatives[n - 1]);
            while (p > 0 && positives[p - 1] == score) p--;
            while (n > 0 && negatives[n - 1] == score) n--;
            (distinct[count], positivesFrom[count], negativesFrom[count]) = (score, positives.Length - p, negatives.Length - n);
        }
        ArrayPool<double>.Shared.Return(rented);
        Array.Resize(ref distinct, count);
        Array.Resize(ref positivesFrom, count);
        Array.Resize(ref negativesFrom, count);
        return new(distinct, positivesFrom, negativesFrom);
    }

    /// <summary>Counts with every score at or above the threshold called positive, in O(log n).</summary>
    public ConfusionMatrix At(double threshold)
    {
        var called = Called(threshold);
        int found = called == 0 ? 0 : _positives[called - 1], alarmed = called == 0 ? 0 : _negatives[called - 1];
        return new(found, alarmed, Negatives - alarmed, Positives - found);
    }

    /// <returns>How many of <see cref="Scores"/> lie at or above the threshold.</returns>
    public int Called(double threshold)
    {
        int from = 0, to = _scores.Length;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (_scores[middle] >= threshold) from = middle + 1;
            else to = middle;
        }
        return from;
    }
}
