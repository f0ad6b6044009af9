using Pneumothorax.Lab.Experiments.Metrics;

namespace Pneumothorax.Lab.Web.Evaluation;

/// <summary>The images of one split with what a model said about each: everything that depends on a threshold is counted from here.</summary>
public sealed class ScoredImages
{
    private readonly byte[] _labels;
    private readonly double[] _scores;
    private readonly double[] _distinct;

    /// <param name="labels">0 or 1 each, 1 = has pneumothorax.</param>
    /// <param name="scores">Probability of pneumothorax, 0..1; as many as labels.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public ScoredImages(byte[] labels, double[] scores)
    {
        if (labels.Length != scores.Length) throw new ArgumentException($"{labels.Length} labels do not go with {scores.Length} scores.");
        (_labels, _scores) = (labels, scores);
        _distinct = [.. scores.Distinct().Order()];
        Positives = labels.Count(label => label == 1);
    }

    public static ScoredImages Test(RunEvaluation evaluation) => new(evaluation.File.Labels, evaluation.Scores);

    /// <returns>No images where the data set has no validation split.</returns>
    public static ScoredImages Validation(RunEvaluation evaluation) => new(evaluation.File.ValidationLabels, evaluation.ValidationScores);

    public ReadOnlySpan<byte> Labels => _labels;

    public ReadOnlySpan<double> Scores => _scores;

    public int Count => _labels.Length;

    /// <summary>Images that HAVE a pneumothorax.</summary>
    public int Positives { get; }

    public int Negatives => Count - Positives;

    public bool HasBothClasses => Positives > 0 && Negatives > 0;

    /// <summary>Share of images that HAVE it, 0..1; 0 without images.</summary>
    public double Prevalence => Count == 0 ? 0 : (double)Positives / Count;

    /// <summary>Accuracy of whoever gives every image the commoner answer.</summary>
    public double BaselineAccuracy => Math.Max(Prevalence, 1 - Prevalence);

    public bool Has(int index) => _labels[index] == 1;

    public Outcome OutcomeOf(int index, double threshold) => Outcomes.Of(Has(index), _scores[index], threshold);

    public ConfusionMatrix At(double threshold) => ConfusionMatrix.At(_labels, _scores, threshold);

    /// <returns>Indices with this outcome at this threshold, in file order; all of them for null.</returns>
    public IReadOnlyList<int> Images(Outcome? outcome, double threshold) =>
        [.. Enumerable.Range(0, Count).Where(index => outcome is null || OutcomeOf(index, threshold) == outcome)];

    /// <summary>
    /// One hundredth further, or as far as it takes to change the answer about an image, so that a step always does something
    /// while there is something to do.
    /// </summary>
    /// <returns>A threshold between 0 and 1.</returns>
    public double Next(double threshold, bool up)
    {
        var hundredth = Math.Clamp(Math.Round(threshold + (up ? 0.01 : -0.01), 2), 0, 1);
        int called = FirstAtOrAbove(threshold), then = FirstAtOrAbove(hundredth);
        if (called != then) return hundredth;

        var target = up ? called + 1 : called - 1;
        return target < 0 || target > _distinct.Length || (target == _distinct.Length && _distinct[^1] >= 1)
            ? hundredth
            : Roundest(target, nearBelow: up);
    }

    /// <returns>
    /// The shortest decimal number that calls HAS exactly the images which score at or above the given one of the images' scores:
    /// 0.358 rather than 0.3587421.
    /// </returns>
    public double RoundThreshold(double score) => Roundest(FirstAtOrAbove(score), nearBelow: false);

    /// <param name="place">Index into the distinct scores, the lowest one to be called HAS; their number means above all of them.</param>
    /// <param name="nearBelow">Closest to the score below rather than to the one at that place.</param>
    private double Roundest(int place, bool nearBelow)
    {
        var above = place == 0 ? double.NegativeInfinity : _distinct[place - 1];
        var upTo = place == _distinct.Length ? 1 : _distinct[place];
        for (var digits = 2; digits <= 15; digits++)
        {
            var scale = Math.Pow(10, digits);
            var rounded = (nearBelow && place > 0 ? Math.Floor(above * scale) + 1 : Math.Floor(upTo * scale)) / scale;
            if (rounded > above && rounded <= upTo) return rounded;
        }
        return upTo;
    }

    private int FirstAtOrAbove(double threshold)
    {
        var place = Array.BinarySearch(_distinct, threshold);
        return place < 0 ? ~place : place;
    }
}
