using Pneumothorax.Lab.Evaluation.Metrics;

namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>Scores of a test set, sorted once, so that every slice of it costs one walk.</summary>
/// <remarks>
/// Intervals and differences by DeLong et al., Biometrics 44 (1988). Slice and rest have different images, so the variances of their areas
/// add; where they share their negatives, the negatives' part is the variance of the difference of their placements.
/// </remarks>
public sealed class SlicedScores
{
    private readonly byte[] _labels;
    private readonly double[] _sorted;
    private readonly int[] _order;

    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite.</exception>
    public SlicedScores(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores)
    {
        LabelledScores.Check(labels, scores);
        _labels = labels.ToArray();
        _sorted = scores.ToArray();
        _order = new int[_sorted.Length];
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        Array.Sort(_sorted, _order);
    }

    public int Count => _labels.Length;

    /// <summary>Area of the images inside beside that of those outside, in O(n).</summary>
    /// <param name="inside">Whether each image belongs to the slice.</param>
    /// <exception cref="ArgumentException">There are not as many as images.</exception>
    public SliceArea Of(ReadOnlySpan<bool> inside, SliceNegatives negatives)
    {
        if (inside.Length != Count) throw new ArgumentException($"{inside.Length} marks do not go with {Count} images.");

        var (slice, rest) = Walk(inside, negatives == SliceNegatives.All);
        AurocResult area = slice.Area(), other = rest.Area();
        return new(area, other, area.Value is { } a && other.Value is { } b ? Difference(a - b, slice, rest, negatives == SliceNegatives.All) : default);
    }

    private (Side Inside, Side Outside) Walk(ReadOnlySpan<bool> inside, bool shared)
    {
        int positives = 0, insidePositives = 0, insideNegatives = 0;
        for (var i = 0; i < Count; i++)
        {
            positives += _labels[i];
            if (!inside[i]) continue;
            insidePositives += _labels[i];
            insideNegatives += 1 - _labels[i];
        }
        var negatives = Count - positives;
        Side slice = new(insidePositives, shared ? negatives : insideNegatives), rest = new(positives - insidePositives, shared ? negatives : negatives - insideNegatives);
        for (int start = 0, end; start < Count; start = end)
        {
            for (end = start + 1; end < Count && _sorted[end] == _sorted[start];) end++;
            var ties = _order.AsSpan(start, end - start);
            foreach (var i in ties)
            {
                if (shared && _labels[i] == 0) { slice.CountTie(0); rest.CountTie(0); }
                else (inside[i] ? slice : rest).CountTie(_labels[i]);
            }
            foreach (var i in ties)
            {
                if (shared && _labels[i] == 0) { slice.Place(0); rest.Place(0); }
                else (inside[i] ? slice : rest).Place(_labels[i]);
            }
            slice.Leave();
            rest.Leave();
        }
        return (slice, rest);
    }

    private static AurocDifference Difference(double difference, Side slice, Side rest, bool shared)
    {
        var variance = PositivesPart(slice) + PositivesPart(rest) + (shared ? SharedPart(slice, rest) : NegativesPart(slice) + NegativesPart(rest));
        if (variance == 0) return new(difference, null, null, null);

        var deviation = Math.Sqrt(variance);
        var reach = NormalDistribution.Quantile95 * deviation;
        return new(difference, Math.Max(-1, difference - reach), Math.Min(1, difference + reach), NormalDistribution.TwoSided(difference / deviation));
    }

    private static double PositivesPart(Side side) => Variance(side.Below) / side.Below.Length / Square(side.Above.Length);

    private static double NegativesPart(Side side) => Variance(side.Above) / side.Above.Length / Square(side.Below.Length);

    /// <summary>Each negative pulls both areas, mostly the same way: only how differently counts.</summary>
    private static double SharedPart(Side slice, Side rest)
    {
        var differences = new double[slice.Above.Length];
        for (var i = 0; i < differences.Length; i++) differences[i] = slice.Above[i] / slice.Below.Length - rest.Above[i] / rest.Below.Length;
        return Variance(differences) / differences.Length;
    }

    /// <returns>Sample variance, with n - 1 below.</returns>
    private static double Variance(double[] values)
    {
        var mean = 0.0;
        foreach (var value in values) mean += value / values.Length;
        var squares = 0.0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return squares / (values.Length - 1);
    }

    private static double Square(double value) => value * value;

    /// <summary>The placements of one side's images, filled while the walk goes from the lowest score up.</summary>
    private sealed class Side(int positives, int negatives)
    {
        private int _positivesSeen;
        private int _negativesSeen;
        private int _positiveTies;
        private int _negativeTies;
        private int _positivesPlaced;
        private int _negativesPlaced;

        /// <summary>For each positive, how many negatives score below it; a tie counts half.</summary>
        public double[] Below { get; } = new double[positives];

        /// <summary>For each negative, how many positives score above it; a tie counts half.</summary>
        public double[] Above { get; } = new double[negatives];

        public void CountTie(byte label)
        {
            if (label == 1) _positiveTies++;
            else _negativeTies++;
        }

        /// <summary>Takes in an image of the present score, once all of that score are counted.</summary>
        public void Place(byte label)
        {
            if (label == 1) Below[_positivesPlaced++] = _negativesSeen + _negativeTies / 2.0;
            else Above[_negativesPlaced++] = Below.Length - _positivesSeen - _positiveTies / 2.0;
        }

        /// <summary>Goes on to the next score.</summary>
        public void Leave()
        {
            (_positivesSeen, _negativesSeen) = (_positivesSeen + _positiveTies, _negativesSeen + _negativeTies);
            (_positiveTies, _negativeTies) = (0, 0);
        }

        public AurocResult Area()
        {
            if (Math.Min(Below.Length, Above.Length) < SliceArea.LeastOfAClass) return default;

            var area = DeLong.Area(Below, Above);
            var reach = NormalDistribution.Quantile95 * DeLong.Deviation(Below, Above);
            return new(area, Math.Clamp(area - reach, 0, 1), Math.Clamp(area + reach, 0, 1));
        }
    }
}
