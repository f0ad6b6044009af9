namespace Pneumothorax.Lab.Evaluation.Slices;

/// <summary>The images of a filter in the order that a reader asked for. A page of them is drawn; all of them are sorted, once.</summary>
public sealed class RankedFailures
{
    /// <summary>Six columns of four on a wide page.</summary>
    public const int OnePage = 24;

    private RankedFailures(IReadOnlyList<int> indices) => Indices = indices;

    /// <summary>Test images, the first in rank first.</summary>
    public IReadOnlyList<int> Indices { get; }

    public int Pages => Math.Max(1, (Indices.Count + OnePage - 1) / OnePage);

    /// <param name="inside">The slice; null for all images.</param>
    /// <param name="others">(N): the other run's probabilities of the same images; null orders by loss in place of disagreement.</param>
    public static RankedFailures Of(RunEvaluation evaluation, double threshold, FailureSort sort, FailureFilter filter, bool[]? inside, double[]? others)
    {
        var (labels, scores) = (evaluation.File.Labels, evaluation.Scores);
        List<int> indices = [];
        for (var i = 0; i < labels.Length; i++)
        {
            if (inside?[i] != false && filter.Lets(Outcomes.Of(labels[i] == 1, scores[i], threshold))) indices.Add(i);
        }
        var keys = new double[labels.Length];
        foreach (var i in indices) keys[i] = Key(i);
        // Equal ones in file order, so that a page of the address is the same tomorrow.
        indices.Sort((a, b) => keys[a] == keys[b] ? a.CompareTo(b) : keys[b].CompareTo(keys[a]));
        return new(indices);

        double Key(int i) => sort switch
        {
            FailureSort.Confidence => Wrongness(labels[i] == 1, scores[i], threshold),
            FailureSort.Doubt => -Math.Abs(scores[i] - threshold),
            FailureSort.Disagreement when others is not null => Math.Abs(scores[i] - others[i]),
            _ => LossOf(evaluation.File, i),
        };
    }

    /// <returns>The images of a page, counted from 1; the last page for a number beyond it.</returns>
    public IEnumerable<(int Rank, int Index)> Page(int page)
    {
        var first = (Math.Clamp(page, 1, Pages) - 1) * OnePage;
        return Indices.Skip(first).Take(OnePage).Select((index, place) => (first + place + 1, index));
    }

    /// <summary>Cross-entropy of one image in nats: minus the logarithm of the probability that the model gave to the truth.</summary>
    public static double LossOf(EvaluationFile file, int index) =>
        // A probability below what a double can hold would make it infinite.
        -Math.Log(Math.Max(file.Probabilities[index * EvaluationFile.Classes + file.Labels[index]], double.Epsilon));

    /// <summary>
    /// How far on the wrong side of the threshold, as a share of the way there is on that side, so that missed ones and false alarms compare
    /// at any threshold; negative on the right side.
    /// </summary>
    private static double Wrongness(bool has, double score, double threshold)
    {
        var way = score >= threshold ? 1 - threshold : threshold;
        var share = way > 0 ? Math.Abs(score - threshold) / way : 0;
        return Outcomes.Of(has, score, threshold).IsRight() ? -share : share;
    }
}
