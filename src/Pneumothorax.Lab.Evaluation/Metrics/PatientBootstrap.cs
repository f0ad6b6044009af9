using Pneumothorax.Lab.Experiments.Randomness;

namespace Pneumothorax.Lab.Evaluation.Metrics;

/// <summary>Intervals of areas, where several images may be of one patient.</summary>
/// <param name="Patients">How many different ones there are.</param>
/// <param name="Replicates">How many samples were drawn.</param>
/// <param name="Used">How many of them held both classes; the others have no area and are left out.</param>
/// <param name="Auroc">Null when fewer than two patients have an image of one of the classes.</param>
/// <param name="AveragePrecision">Null as <paramref name="Auroc"/> is.</param>
public sealed record PatientIntervals(int Patients, int Replicates, int Used, Interval? Auroc, Interval? AveragePrecision);

/// <summary>A 95 % interval.</summary>
public readonly record struct Interval(double Low, double High);

/// <summary>
/// Draws patients, not images, with replacement, as often as there are patients, a thousand times over, and takes the middle 95 % of the
/// areas: images of one patient are alike, and count for less than as many images of different ones.
/// </summary>
/// <remarks>Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), percentile interval; clusters as in Field and Welsh,
/// Journal of the Royal Statistical Society B 69 (2007).</remarks>
public sealed class PatientBootstrap
{
    public const int UsualReplicates = 1000;

    private readonly int[] _patients;       // of the images from the highest score down, as are the next two
    private readonly bool[] _positive;
    private readonly bool[] _lastOfItsScore;
    private readonly int _count;

    /// <summary>Sorts, once for all samples.</summary>
    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Higher means more likely positive; as many as labels.</param>
    /// <param name="patients">Numbers from 0 without gaps, one an image: whose it is.</param>
    /// <exception cref="ArgumentException">Lengths differ, a label is neither 0 nor 1, a score is not finite, a patient's number is negative.</exception>
    public PatientBootstrap(ReadOnlySpan<byte> labels, ReadOnlySpan<double> scores, ReadOnlySpan<int> patients)
    {
        LabelledScores.Check(labels, scores);
        if (patients.Length != labels.Length) throw new ArgumentException($"{labels.Length} labels do not go with {patients.Length} patients.");

        var order = new int[labels.Length];
        var keys = new double[labels.Length];
        for (var i = 0; i < order.Length; i++) (order[i], keys[i]) = (i, -scores[i]);
        Array.Sort(keys, order);

        (_patients, _positive, _lastOfItsScore) = (new int[order.Length], new bool[order.Length], new bool[order.Length]);
        for (var i = 0; i < order.Length; i++)
        {
            _patients[i] = patients[order[i]];
            _positive[i] = labels[order[i]] == 1;
            _lastOfItsScore[i] = i + 1 == order.Length || keys[i + 1] != keys[i];
            if (_patients[i] < 0) throw new ArgumentException($"Patient {_patients[i]} of image {order[i]}; patients are counted from 0.");
            _count = Math.Max(_count, _patients[i] + 1);
        }
    }

    /// <summary>One pass over the images for each sample: a tenth of a second for a hundred samples of a hundred thousand images.</summary>
    /// <param name="seed">The same seed draws the same samples on every machine.</param>
    /// <param name="progress">Told the share that is done, 0..1, a hundred times.</param>
    public PatientIntervals Compute(int replicates = UsualReplicates, int seed = 1, Action<double>? progress = null)
    {
        if (PatientsWith(true) < 2 || PatientsWith(false) < 2) return new(_count, replicates, 0, null, null);

        List<double> areas = [], precisions = [];
        var weights = new int[_count];
        var random = new StableRandom(seed, RandomUse.Bootstrap);
        for (var replicate = 0; replicate < replicates; replicate++)
        {
            Array.Clear(weights);
            for (var draw = 0; draw < _count; draw++) weights[random.Below(_count)]++;
            if (Areas(weights) is var (area, precision))
            {
                areas.Add(area);
                precisions.Add(precision);
            }
            if ((replicate + 1) % Math.Max(1, replicates / 100) == 0) progress?.Invoke((replicate + 1.0) / replicates);
        }
        return areas.Count == 0
            ? new(_count, replicates, 0, null, null)
            : new(_count, replicates, areas.Count, Middle(areas), Middle(precisions));
    }

    /// <summary>AUROC and average precision with each patient's images counted so many times.</summary>
    /// <param name="weights">One a patient, 0 or more.</param>
    /// <returns>Null when one class has no weight.</returns>
    public (double Auroc, double AveragePrecision)? Areas(ReadOnlySpan<int> weights)
    {
        long found = 0, alarmed = 0, positives = 0, negatives = 0;
        double won = 0, precision = 0;
        for (var i = 0; i < _patients.Length; i++)
        {
            if (_positive[i]) positives += weights[_patients[i]];
            else negatives += weights[_patients[i]];
            if (!_lastOfItsScore[i] || positives + negatives == 0) continue;

            // Every sick one so far beats these healthy ones; those of the same score half.
            won += negatives * (found + positives / 2.0);
            found += positives;
            alarmed += negatives;
            precision += (double)positives * found / (found + alarmed);
            positives = negatives = 0;
        }
        return found == 0 || alarmed == 0 ? null : (won / ((double)found * alarmed), Math.Min(precision / found, 1));
    }

    private int PatientsWith(bool positive)
    {
        HashSet<int> seen = [];
        for (var i = 0; i < _patients.Length && seen.Count < 2; i++)
        {
            if (_positive[i] == positive) seen.Add(_patients[i]);
        }
        return seen.Count;
    }

    /// <returns>Between the 2.5th and the 97.5th percentile, each between its two neighbours as NumPy has it.</returns>
    private static Interval Middle(List<double> values)
    {
        values.Sort();
        return new(Percentile(0.025), Percentile(0.975));

        double Percentile(double share)
        {
            var place = share * (values.Count - 1);
            var below = (int)place;
            return below + 1 == values.Count ? values[below] : values[below] + (place - below) * (values[below + 1] - values[below]);
        }
    }
}
